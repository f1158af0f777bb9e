using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Crypto;

/// <summary>What libcrypto keeps while it signs or verifies once.</summary>
internal sealed class EvpContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeContext(handle);
        return true;
    }
}
