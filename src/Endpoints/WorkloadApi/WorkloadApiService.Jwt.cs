using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

// JWT-SVIDs: one answer, no stream.
public sealed partial class WorkloadApiService
{
    private async Task<JWTSVIDResponse> FetchJwtSvid(JWTSVIDRequest request, ServerCallContext context)
    {
        AudienceSet audiences = AudienceSet.TryCreate(request.Audience, out string fault) ?? throw InvalidArgument(fault);
        SpiffeId? only = RequestedId(request.SpiffeId);
        using WorkloadLease lease = await AdmitAsync(context);

        ImmutableArray<Presented<JwtSvid>> svids = lease.Jwt(audiences, only);
        if (svids.IsEmpty) throw Deny(context, Missing(lease, only));
        if (!await Issuance.Journal.SettleAsync(context.CancellationToken)) throw Deny(context, Refusal.NotRecorded);
        JWTSVIDResponse response = new();
        foreach (Presented<JwtSvid> svid in svids) response.Svids.Add(new JWTSVID { SpiffeId = svid.Id.ToString(), Svid = svid.Svid.Token, Hint = svid.Hint });
        return response;
    }

    /// <summary>Workload API §6.2.3. The answer names the rule that the token broke: it holds nothing that the token does not.</summary>
    private async Task<ValidateJWTSVIDResponse> ValidateJwtSvid(ValidateJWTSVIDRequest request, ServerCallContext context)
    {
        if (request.Audience.Length == 0) throw InvalidArgument("audience must be specified");
        if (request.Svid.Length == 0) throw InvalidArgument("svid must be specified");
        using WorkloadLease lease = await AdmitAsync(context);
        if (!MayTrust(lease)) throw Deny(context, Refusal.NoIdentity);

        CredentialCheck<JwtSvid> validation = Issuance.ValidateJwt(request.Svid, request.Audience);
        if (!validation.IsValid) throw InvalidArgument($"svid is not valid: {validation.Broken}");
        return new ValidateJWTSVIDResponse { SpiffeId = validation.Svid.Id.ToString(), Claims = ClaimsWriter.ToStruct(validation.Svid.Claims) };
    }

    private static RpcException InvalidArgument(string detail) => new(new Status(StatusCode.InvalidArgument, detail));
}
