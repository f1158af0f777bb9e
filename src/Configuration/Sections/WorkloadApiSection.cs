namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>workload_api</c>.</summary>
internal static class WorkloadApiSection
{
    public static WorkloadApiOptions Read(Section section)
    {
        WorkloadApiOptions options = new()
        {
            X509 = section.Switch("x509", true),
            Jwt = section.Switch("jwt", true),
            Wit = section.Switch("wit", true),
            AllowUnregisteredBundles = section.Switch("allow_unregistered_bundles", false),
            JwtLeeway = section.Duration("jwt_leeway", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
        if (!options.X509 && !options.Jwt && !options.Wit)
        {
            section.Faults.Add(section.Place, section.Path, null, "turns every profile off", "leave x509, jwt or wit on");
        }

        section.RefuseUnknownKeys();
        return options;
    }
}
