using System.Collections.Immutable;
using System.Globalization;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>approval</c> of a template.</summary>
internal static class ApprovalSection
{
    private const int MaxApprovers = 64;

    /// <summary>Stands for every action in a grant, and for none here.</summary>
    private const string Any = "*";

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    /// <param name="section">The section.</param>
    /// <param name="grants">What the template may grant; null where that is at fault.</param>
    public static ApprovalRule Read(Section section, AuthorizationDetails? grants)
    {
        ApprovalRule defaults = new();
        IReadOnlyList<Value> actions = section.Distinct("actions", GrantLimits.MaxItems, text => TermText.IsValid(text) && text is not Any, "is not the name of an action", $"{TermText.Remedy}; to ask before every action, write a policy");
        if (grants is not null) WarnOfUngranted(actions, grants);
        ApprovalRule rule = new()
        {
            ToStart = section.Switch("to_start", defaults.ToStart),
            Actions = [.. actions.Select(action => action.Text)],
            Timeout = section.Duration("timeout", defaults.Timeout, Least, TimeSpan.FromDays(7)),
            Validity = section.Duration("validity", defaults.Validity, Least, TimeSpan.FromDays(1)),
            Approvers = ReadApprovers(section),
        };
        section.RefuseUnknownKeys();
        return rule;
    }

    /// <summary>An approval that is never asked for is most likely a misspelt one: then the action goes through unasked.</summary>
    private static void WarnOfUngranted(IReadOnlyList<Value> actions, AuthorizationDetails grants)
    {
        string[] granted = [.. grants.Items.SelectMany(detail => detail.Actions.Items).Distinct(StringComparer.Ordinal)];
        if (granted.Contains(Any, StringComparer.Ordinal)) return;
        foreach (Value value in actions)
        {
            if (granted.Contains(value.Text, StringComparer.Ordinal)) continue;
            string hint = Suggestion.Nearest(value.Text, granted) is { } nearest ? $"did you mean '{nearest}'? " : "";
            value.Warn("is granted by none of the template's grants: nobody will be asked", $"{hint}remove it, or grant it");
        }
    }

    private static ImmutableArray<uint> ReadApprovers(Section section)
    {
        List<uint> approvers = [];
        foreach (Value value in section.Texts("approvers"))
        {
            bool isNumber = uint.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
            if ((isNumber ? number : UserNames.Find(value.Text)) is not { } uid) value.Fault("is no user of this machine", "write the name or number of a user: getent passwd");
            else if (approvers.Contains(uid)) value.Fault("is listed twice", "keep one of them");
            else if (approvers.Count == MaxApprovers) value.Fault("is one too many", string.Create(CultureInfo.InvariantCulture, $"list at most {MaxApprovers}"));
            else approvers.Add(uid);
        }

        return [.. approvers];
    }
}
