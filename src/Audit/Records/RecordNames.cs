namespace Spiffe.Agent.Audit.Records;

/// <summary>Names of members that several kinds of entries have, and that whoever reads them must know. docs/audit.md says what each holds.</summary>
public static class RecordNames
{
    /// <summary>SPIFFE ID.</summary>
    public const string Id = "id";

    /// <summary>A task's id.</summary>
    public const string Task = "task";

    /// <summary>The id of the root task: one for everything that it causes.</summary>
    public const string Root = "root";

    /// <summary>The id of the task above; of a root none.</summary>
    public const string Parent = "parent";

    public const string Template = "template";
    public const string Owner = "owner";
    public const string Subject = "subject";
    public const string State = "state";
    public const string Generation = "generation";
    public const string Process = "process";
    public const string Executable = "executable";

    /// <summary>What set it off.</summary>
    public const string Trigger = "trigger";

    /// <summary>Why, or what came of it.</summary>
    public const string Cause = "cause";

    public const string Action = "action";
    public const string Resource = "resource";
    public const string Tool = "tool";
    public const string Audience = "audience";

    /// <summary>A decision's id.</summary>
    public const string Decision = "decision";

    /// <summary><c>permit</c>, <c>deny</c> or <c>needs_approval</c>.</summary>
    public const string Verdict = "verdict";

    /// <summary>SHA-256 of the canonical question, base64url.</summary>
    public const string InputDigest = "input_s256";

    /// <summary>Ids of the policies that decided.</summary>
    public const string Policies = "policies";

    /// <summary>Digest of the policies.</summary>
    public const string PolicyDigest = "policy";

    public const string IntentDigest = "intent_s256";

    /// <summary><c>x509</c>, <c>jwt</c>, <c>wit</c> or <c>action_token</c>.</summary>
    public const string CredentialKind = "credential_kind";

    /// <summary>Serial number or token id.</summary>
    public const string Credential = "credential";

    /// <summary>Several, each as kind, space, id.</summary>
    public const string Credentials = "credentials";

    public const string ExpiresAt = "expires_at";

    /// <summary>The absolute end of a task, by wall time at its start.</summary>
    public const string Deadline = "deadline";

    /// <summary>What it may do: authorization_details as canonical JSON.</summary>
    public const string Grants = "grants";

    /// <summary>The commitment to a free text.</summary>
    public const string Body = "body";
}
