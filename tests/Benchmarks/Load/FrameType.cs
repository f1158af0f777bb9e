namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>HTTP/2 frames that the load client knows. RFC 9113 §6.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Reset = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
}
