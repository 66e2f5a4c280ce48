using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

internal sealed class FakeProcessLauncher(TimeProvider time) : IProcessLauncher
{
    private readonly List<FakeProcess> _started = [];

    public Action<FakeProcess> OnStart { get; set; } = _ => { };

    public int Count
    {
        get
        {
            lock (_started)
            {
                return _started.Count;
            }
        }
    }

    public FakeProcess this[int index]
    {
        get
        {
            lock (_started)
            {
                return _started[index];
            }
        }
    }

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, Action<bool, string> output)
    {
        lock (_started)
        {
            var process = new FakeProcess(1000 + _started.Count, time.GetUtcNow());
            _started.Add(process);
            OnStart(process);
            return Task.FromResult<IRunningProcess>(process);
        }
    }
}
