using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class ResourceAnnotationCollectionTests
{
    private readonly ResourceAnnotationCollection _annotations = [];

    [Fact]
    public void List_InsertedReplacedAndRemoved_KeepsItsOrder()
    {
        var (first, second, third) = (new Note(), new Note(), new Note());
        _annotations.Add(second);
        _annotations.Insert(0, first);
        _annotations.Add(new Note());

        _annotations[2] = third;
        Assert.Equal([first, second, third], _annotations);
        Assert.Equal(1, _annotations.IndexOf(second));

        _annotations.RemoveAt(0);
        Assert.True(_annotations.Remove(third));
        Assert.False(_annotations.Remove(third));
        Assert.Same(second, Assert.Single(_annotations));
    }

    [Fact]
    public void List_ChangedWhileEnumerated_IsSeenAsItWasAtTheBeginning()
    {
        _annotations.Add(new Note());
        _annotations.Add(new Note());

        foreach (var _ in _annotations.OfType<Note>())
        {
            _annotations.Add(new Note());
        }

        Assert.Equal(4, _annotations.Count);
    }

    [Fact]
    public void List_IndexOutOfRange_IsRefused()
    {
        Assert.Throws<IndexOutOfRangeException>(() => _annotations[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _annotations.RemoveAt(0));
    }

    private sealed class Note : IResourceAnnotation;
}
