using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Spiffe.Agent.Audit.Crypto;

/// <summary>The few functions of libcrypto that .NET has no face for: Ed25519 keys and signatures.</summary>
/// <remarks>
/// The very library that .NET itself has loaded, never a second one: .NET says which version that is, its soname follows from the version, and a
/// library of that name that says another version is refused. So updates of the system's OpenSSL, and DOTNET_OPENSSL_VERSION_OVERRIDE, count here too.
/// </remarks>
internal static unsafe partial class LibCrypto
{
    /// <summary>NID_ED25519 of openssl/obj_mac.h.</summary>
    public const int Ed25519 = 1_087;

    private const string Name = "libcrypto";

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial EvpKey NewPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial EvpKey NewPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetPublicKey(EvpKey key, byte* destination, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_new")]
    public static partial EvpContext NewContext();

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSignInit")]
    public static partial int SignInit(EvpContext context, nint keyContext, nint digest, nint engine, EvpKey key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSign")]
    public static partial int Sign(EvpContext context, byte* signature, ref nuint length, byte* message, nuint messageLength);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int VerifyInit(EvpContext context, nint keyContext, nint digest, nint engine, EvpKey key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerify")]
    public static partial int Verify(EvpContext context, byte* signature, nuint length, byte* message, nuint messageLength);

    /// <summary>Empties this thread's queue of errors, so that none of ours is taken for one of .NET's.</summary>
    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (library != Name) return 0; // To the runtime's own search.
        long version = SafeEvpPKeyHandle.OpenSslVersion;
        string soname = version >> 28 is >= 3 and long major ? $"libcrypto.so.{major}" : "libcrypto.so.1.1";
        nint handle = NativeLibrary.Load(soname);
        var loaded = (delegate* unmanaged<nuint>)NativeLibrary.GetExport(handle, "OpenSSL_version_num");
        return (long)loaded() == version ? handle : throw new DllNotFoundException($"{soname} is version {loaded():x}, .NET has loaded {version:x}");
    }
}
