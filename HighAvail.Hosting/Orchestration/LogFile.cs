using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// A log file with one predecessor (<c>.1</c>) and a size bound. Lines are collected in memory and written by a timer, so a flood of
/// lines costs few writes and a slow disk holds nobody up. When the disk fails, output to the file ends and that is logged, once.
/// </summary>
internal sealed partial class LogFile : IDisposable
{
    // A bound on memory: 40 MB a second, or a disk that does not keep up.
    private const int MaxPendingChars = 8 << 20;

    private readonly string _path;
    private readonly LogOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _pendingGate = new();
    private readonly Lock _fileGate = new();
    private StringBuilder _pending = new();
    private StringBuilder _spare = new();
    private long _skipped;
    private StreamWriter? _file;
    private bool _ended;

    public LogFile(string path, LogOptions options, TimeProvider time, ILogger logger)
    {
        (_path, _options, _logger) = (path, options, logger);
        _timer = time.CreateTimer(static file => ((LogFile)file!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Append(LogLine line)
    {
        lock (_pendingGate)
        {
            if (_ended)
            {
                return;
            }

            if (_pending.Length > MaxPendingChars)
            {
                _skipped++;
                return;
            }

            if (_pending.Length == 0)
            {
                _timer.Change(_options.FlushDelay, Timeout.InfiniteTimeSpan);
            }

            _pending.Append(CultureInfo.InvariantCulture, $"{line.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} ");
            _pending.Append(line.IsError ? "err " : "out ").Append(line.Text).Append('\n');
        }
    }

    public void Flush()
    {
        lock (_fileGate)
        {
            StringBuilder lines;
            lock (_pendingGate)
            {
                if (_ended || _pending.Length == 0)
                {
                    return;
                }

                if (_skipped > 0)
                {
                    _pending.Append(CultureInfo.InvariantCulture, $"({_skipped} lines skipped: more than could be written)\n");
                    _skipped = 0;
                }

                (lines, _pending, _spare) = (_pending, _spare, _pending);
            }

            try
            {
                Write(lines);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogFileEnded(_logger, exception, _path);
                End();
            }

            lines.Clear();
        }
    }

    public void Dispose()
    {
        Flush();
        lock (_fileGate)
        {
            End();
        }
    }

    private void Write(StringBuilder lines)
    {
        if (_file is { } full && full.BaseStream.Length >= _options.MaxFileBytes)
        {
            full.Dispose();
            _file = null;
            File.Move(_path, _path + ".1", overwrite: true);
        }

        _file ??= Open();
        _file.Write(lines);
        _file.Flush();
    }

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        return new(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
    }

    private void End()
    {
        lock (_pendingGate)
        {
            _ended = true;
            _pending.Clear();
        }

        _timer.Dispose();
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The same failure again, for what was buffered; it has been logged.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Output is no longer written to {Path}; recent lines stay available in memory")]
    private static partial void LogFileEnded(ILogger logger, Exception exception, string path);
}
