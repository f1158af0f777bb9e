using Microsoft.Extensions.Logging;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

// Event ids 2400–2449. No token, no key, no free text of callers.
public sealed partial class TaskLog
{
    [LoggerMessage(2400, LogLevel.Information,
        "task {Kind} {Id} generation {Generation} now {State}: owner {Owner}, process {Process}, subject {Subject}, by {Trigger}: {Detail} (decision {Decision}, root {Root})")]
    private partial void LogTask(
        TaskEntryKind kind, string id, int generation, TaskState state, string owner, string process, string subject, string trigger, string detail, string decision, string root);

    [LoggerMessage(2401, LogLevel.Information, "task issued {Id} generation {Generation}: {Credential} {CredentialId} until {ExpiresAt:u} (root {Root})")]
    private partial void LogIssued(string id, int generation, string credential, string credentialId, DateTimeOffset? expiresAt, string root);

    [LoggerMessage(2402, LogLevel.Information, "task action {Kind} {Id}: {Action} on {Resource} with {Tool} for {Audience}, token {CredentialId} (decision {Decision}): {Detail} (root {Root})")]
    private partial void LogAction(
        TaskEntryKind kind, string id, string action, string resource, string tool, string audience, string credentialId, string decision, string detail, string root);

    [LoggerMessage(2404, LogLevel.Information, "task credential {Kind} {Id}: {Credential} {CredentialId} by {Audience}, {Trigger}: {Detail} (root {Root})")]
    private partial void LogShown(TaskEntryKind kind, string id, string credential, string credentialId, string audience, string trigger, string detail, string root);

    [LoggerMessage(2405, LogLevel.Information, "task revoked {Id} generation {Generation}: {Count} credentials: {Detail} (root {Root})")]
    private partial void LogRevoked(string id, int generation, int count, string detail, string root);

    [LoggerMessage(2403, LogLevel.Warning, "task refused for template {Template} to {Process}: {Detail} (decision {Decision})")]
    private partial void LogRefused(string template, string process, string detail, string decision);
}
