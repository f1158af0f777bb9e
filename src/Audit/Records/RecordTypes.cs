namespace Spiffe.Agent.Audit.Records;

/// <summary>What kinds of entries there are. docs/audit.md says what each holds; a type never changes its meaning.</summary>
public static class RecordTypes
{
    public const string DaemonStarted = "daemon_started";
    public const string DaemonStopped = "daemon_stopped";
    public const string ConfigurationLoaded = "configuration_loaded";
    public const string ConfigurationRefused = "configuration_refused";
    public const string PoliciesLoaded = "policies_loaded";

    /// <summary>A part of the text of one source of policies.</summary>
    public const string PolicySource = "policy_source";

    public const string TemplateLoaded = "template_loaded";

    /// <summary>Access that stands without a task: an exception with an owner, a reason and a date of review.</summary>
    public const string StandingAccess = "standing_access";

    public const string EntryChanged = "entry_changed";
    public const string CallerRefused = "caller_refused";
    public const string SvidIssued = "svid_issued";
    public const string ClockAnomaly = "clock_anomaly";
    public const string InventoryTaken = "inventory_taken";

    /// <summary>The text that belongs to an entry is erased.</summary>
    public const string TextErased = "text_erased";

    /// <summary>The log was opened again: what a crash left.</summary>
    public const string LogOpened = "log_opened";

    /// <summary>Records that were owed and could not be kept.</summary>
    public const string LogGap = "log_gap";

    /// <summary>Entries below an index are not kept any more.</summary>
    public const string LogCut = "log_cut";

    /// <summary>Another key signs from here on.</summary>
    public const string LogKey = "log_key";

    public const string TaskRefused = "task_refused";
    public const string TaskStarted = "task_started";

    /// <summary>What a task says that it is for; its body is the intent, whose SHA-256 is <c>intent_s256</c>.</summary>
    public const string TaskDeclared = "task_declared";

    public const string TaskApproved = "task_approved";
    public const string TaskDenied = "task_denied";
    public const string TaskIssued = "task_issued";
    public const string TaskPermitted = "task_permitted";
    public const string TaskWithheld = "task_withheld";
    public const string TaskUsed = "task_used";
    public const string TaskRenewed = "task_renewed";
    public const string TaskReevaluated = "task_reevaluated";
    public const string TaskIntentChanged = "task_intent_changed";
    public const string TaskNarrowed = "task_narrowed";
    public const string TaskSuspended = "task_suspended";
    public const string TaskResumed = "task_resumed";

    /// <summary>Credentials that are dead from here on.</summary>
    public const string TaskRevoked = "task_revoked";

    public const string TaskEnded = "task_ended";
    public const string TaskContained = "task_contained";
    public const string TaskMisused = "task_misused";

    /// <summary>What was found when nothing should remain.</summary>
    public const string TaskOffboarded = "task_offboarded";
}
