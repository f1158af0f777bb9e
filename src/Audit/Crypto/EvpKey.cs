using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Crypto;

/// <summary>A key that libcrypto holds. Freeing it zeroes a private one.</summary>
internal sealed class EvpKey() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
