using Microsoft.Extensions.Logging;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Endpoints.Admin;

// Event ids 2350–2399.
public sealed partial class EntryAdministration
{
    [LoggerMessage(2350, LogLevel.Information, "entry added: {Name} {Id} for {Selectors}, by uid {UserId} pid {ProcessId}")]
    private partial void LogAdded(string name, string id, string selectors, uint userId, int processId);

    [LoggerMessage(2351, LogLevel.Information, "entry updated: {OldName} ({Fields}) is now {Name} {Id} for {Selectors}, by uid {UserId} pid {ProcessId}")]
    private partial void LogUpdated(string oldName, string fields, string name, string id, string selectors, uint userId, int processId);

    [LoggerMessage(2352, LogLevel.Information, "entry removed: {Name} {Id} for {Selectors}, by uid {UserId} pid {ProcessId}")]
    private partial void LogRemoved(string name, string id, string selectors, uint userId, int processId);

    [LoggerMessage(2353, LogLevel.Warning, "entries unchanged: {Verb} refused: {Reason} ({Count} in all), asked for by uid {UserId} pid {ProcessId}")]
    private partial void LogRefused(string verb, EntryRefusalReason reason, int count, uint userId, int processId);
}
