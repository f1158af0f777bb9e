using Microsoft.Extensions.Logging;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Integration.Transport;

/// <summary>A log that looks around, on the transport's own thread, in the moment a refused connection is told of (event 2102).</summary>
internal sealed class RefusalWitness : ILogger<UnixPeerTransportFactory>
{
    private const int Refusal = 2102;

    internal Action? Refused { get; set; }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == Refusal) Refused?.Invoke();
    }
}
