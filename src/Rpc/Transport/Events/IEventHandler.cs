namespace Spiffe.Agent.Rpc.Transport.Events;

/// <summary>Owns a descriptor that an <see cref="EventLoop"/> watches.</summary>
internal interface IEventHandler
{
    /// <summary>Called on the loop's thread. Must neither block nor throw.</summary>
    void OnEvents(uint events);
}
