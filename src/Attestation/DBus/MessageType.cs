namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Types of messages. Others may come in later versions and are to be ignored.</summary>
internal enum MessageType : byte
{
    MethodCall = 1,
    MethodReturn = 2,
    Error = 3,
    Signal = 4,
}
