using System.Collections.Immutable;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// Whether a request is one that a schema allows: a declared action, a principal and a resource of types that it applies to, and a context of its type.
/// Valid policies meet no type error in such requests. Cedar docs, "Request validation".
/// </summary>
public static class RequestValidator
{
    /// <summary>All that is wrong with the request; empty where it conforms.</summary>
    public static ImmutableArray<ConformanceFault> Validate(PolicySchema schema, AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(request);
        ConformanceFaults faults = new();
        ConformanceCheck check = new(schema, faults);
        SchemaAction? action = schema.FindAction(request.Action);
        if (action is null) faults.Add("action", $"action {request.Action} is not declared");
        Subject("principal", request.Principal, action?.PrincipalTypes);
        Subject("resource", request.Resource, action?.ResourceTypes);
        if (action is not null) check.Record(request.Context, action.Context, "context");
        return faults.Close();

        void Subject(string where, EntityUid uid, ImmutableArray<string>? types)
        {
            if (schema.FindEntityType(uid.Type) is null) faults.Add(where, $"entity type {uid.Type} is not declared");
            else if (types is { } allowed && !allowed.Contains(uid.Type, StringComparer.Ordinal)) faults.Add(where, $"action {request.Action} does not apply to {uid.Type}");
            else check.Name(uid, where);
        }
    }
}
