namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>What a client of any language does with the Workload API.</summary>
public sealed class WorkloadCases : TheoryData<string>
{
    public WorkloadCases()
    {
        Add("x509_svid"); // Chain, key and URI by the language's own crypto.
        Add("mtls"); // A handshake between two identities.
        Add("watch"); // Two rotations on one stream.
        Add("watch_wit");
        Add("bundles");
        Add("jwt_svid"); // Verified by the client with the JWKS, and by the daemon.
        Add("jwt_refusals");
        Add("wit_svid"); // The private key is that of cnf.
        Add("missing_header"); // Every method.
        Add("no_identity"); // Every method.
        Add(Restart);
        Add(Crash);
    }

    /// <summary>A watch goes on after the daemon was stopped and started.</summary>
    public const string Restart = "restart";

    /// <summary>The same after it was killed.</summary>
    public const string Crash = "crash";
}
