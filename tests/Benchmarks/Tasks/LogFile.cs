using System.Text;
using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Tests.Benchmarks.Tasks;

/// <summary>A log that is written: each line is formatted and goes to a file at once.</summary>
internal sealed class LogFile<T> : ILogger<T>, IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly Lock _gate = new(); // Guards the file.
    private readonly FileStream _file;

    public LogFile() => _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        byte[] line = Encoding.UTF8.GetBytes(formatter(state, exception) + "\n");
        lock (_gate) _file.Write(line);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }
}
