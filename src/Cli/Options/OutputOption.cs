using System.CommandLine;

namespace Spiffe.Agent.Cli.Options;

/// <summary><c>--output text|json</c>, and <c>pem</c> where there are certificates.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> TextOrJson() => Create("text|json", [("text", OutputFormat.Text), ("json", OutputFormat.Json)]);

    public static Option<OutputFormat> WithPem() => Create("text|json|pem", [("text", OutputFormat.Text), ("json", OutputFormat.Json), ("pem", OutputFormat.Pem)]);

    private static Option<OutputFormat> Create(string helpName, (string Name, OutputFormat Format)[] formats) => new("--output", "-o")
    {
        Description = "How to print the answer; text unless said otherwise",
        HelpName = helpName,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            foreach ((string name, OutputFormat format) in formats)
            {
                if (string.Equals(name, text, StringComparison.Ordinal)) return format;
            }

            argument.AddError($"--output: {text}: write one of {string.Join(", ", formats.Select(f => f.Name))}");
            return default;
        },
    };
}
