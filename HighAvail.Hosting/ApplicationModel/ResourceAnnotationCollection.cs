using System.Collections;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>
/// The annotations of a resource. Reading is safe while another thread adds: an enumeration sees the collection as it was when it began.
/// </summary>
public sealed class ResourceAnnotationCollection : IList<IResourceAnnotation>
{
    private readonly Lock _lock = new();
    private volatile IResourceAnnotation[] _items = [];

    /// <inheritdoc />
    public int Count => _items.Length;

    /// <inheritdoc />
    public bool IsReadOnly => false;

    /// <inheritdoc />
    public IResourceAnnotation this[int index]
    {
        get => _items[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_lock)
            {
                _items = [.. _items[..index], value, .. _items[(index + 1)..]];
            }
        }
    }

    /// <inheritdoc />
    public void Add(IResourceAnnotation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_lock)
        {
            _items = [.. _items, item];
        }
    }

    /// <inheritdoc />
    public void Insert(int index, IResourceAnnotation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_lock)
        {
            _items = [.. _items[..index], item, .. _items[index..]];
        }
    }

    /// <inheritdoc />
    public int IndexOf(IResourceAnnotation item) => Array.IndexOf(_items, item);

    /// <inheritdoc />
    public void Clear()
    {
        lock (_lock)
        {
            _items = [];
        }
    }

    /// <inheritdoc />
    public bool Contains(IResourceAnnotation item) => IndexOf(item) >= 0;

    /// <inheritdoc />
    public void CopyTo(IResourceAnnotation[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <inheritdoc />
    public bool Remove(IResourceAnnotation item)
    {
        lock (_lock)
        {
            var index = IndexOf(item);
            if (index < 0)
            {
                return false;
            }

            RemoveAt(index);
            return true;
        }
    }

    /// <inheritdoc />
    public void RemoveAt(int index)
    {
        lock (_lock)
        {
            _items = [.. _items[..index], .. _items[(index + 1)..]];
        }
    }

    /// <inheritdoc />
    public IEnumerator<IResourceAnnotation> GetEnumerator() => ((IEnumerable<IResourceAnnotation>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
