namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>attestors</c>.</summary>
internal static class AttestorsSection
{
    public static AttestorsOptions Read(Section section)
    {
        UnixAttestorOptions unix = ReadUnix(section.Child("unix"));
        foreach (string later in (ReadOnlySpan<string>)["systemd", "docker", "podman", "kubernetes"])
        {
            section.NotInThisVersion(later, "remove the section: this version attests by unix selectors alone");
        }

        section.RefuseUnknownKeys();
        return new AttestorsOptions { Unix = unix };
    }

    private static UnixAttestorOptions ReadUnix(Section section)
    {
        UnixAttestorOptions options = new()
        {
            Sha256MaxSize = section.Size("sha256_max_size", 256L << 20, 0, 4L << 30),
            Sha256CacheEntries = section.Number("sha256_cache_entries", 1024, 16, 65_536),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
