namespace Spiffe.Agent.Rpc.Server;

/// <summary>Bytes that partial request messages may hold: a bound per connection inside a bound for the server.</summary>
/// <remarks>A message counts from when its length is known until it is whole or its call ends. Messages that arrive in one piece never count.</remarks>
internal sealed class RequestBudget(int limit, RequestBudget? parent)
{
    private long _held;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit && (parent is null || parent.TryTake(bytes))) return true;
        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Return(int bytes)
    {
        parent?.Return(bytes);
        Interlocked.Add(ref _held, -bytes);
    }
}
