using System.CommandLine;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary><c>--label KEY=VALUE</c>, as often as needed.</summary>
internal static class LabelOption
{
    public static Option<string[]> Create(string description)
    {
        Option<string[]> option = new("--label") { Description = description, HelpName = "KEY=VALUE" };
        option.Validators.Add(result =>
        {
            HashSet<string> keys = new(StringComparer.Ordinal);
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                int equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || equals == text.Length - 1) result.AddError($"--label: {text}: write KEY=VALUE, such as stage=build");
                else if (!keys.Add(text[..equals])) result.AddError($"--label: {text[..equals]}: is written twice");
            }
        });
        return option;
    }

    public static void Read(string[]? texts, IDictionary<string, string> labels)
    {
        foreach (string text in texts ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            labels[text[..equals]] = text[(equals + 1)..];
        }
    }
}
