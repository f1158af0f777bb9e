using System.Threading.Channels;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>So many at a time, the others wait their turn. Holds nothing that needs disposing.</summary>
internal sealed class Slots
{
    private readonly Channel<bool> _free;

    internal Slots(int count)
    {
        _free = Channel.CreateBounded<bool>(count);
        for (int i = 0; i < count; i++) _free.Writer.TryWrite(true);
    }

    internal async ValueTask TakeAsync(CancellationToken cancellationToken) => await _free.Reader.ReadAsync(cancellationToken);

    internal void Give() => _free.Writer.TryWrite(true);
}
