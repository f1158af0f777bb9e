using System.CommandLine;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Commands;

/// <summary><c>spiffe-agent check [FILE]</c>: every fault of a configuration at once; exit 78 when there is one.</summary>
internal static class CheckCommand
{
    /// <summary>Where packages put the configuration.</summary>
    public const string DefaultPath = "/etc/spiffe-agent/agent.yaml";

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "Configuration file.", DefaultValueFactory = _ => DefaultPath };
        Option<string> output = new("--output") { Description = "text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        Option<bool> schema = new("--policy-schema") { Description = "Print the Cedar schema that policies of tasks are checked against, and nothing else." };
        Command check = new("check", "Check a configuration file and report every fault in it.") { file, output, schema };
        check.SetAction(result => result.GetValue(schema) ? WriteSchema() : Check(result.GetValue(file)!, json: result.GetValue(output) is "json"));
        return check;
    }

    private static int WriteSchema()
    {
        Console.Out.Write(TaskPolicySchema.Text);
        return ExitCodes.Done;
    }

    private static int Check(string path, bool json)
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(path);
        if (json) ConfigurationReport.WriteJson(loaded, Console.OpenStandardOutput());
        else ConfigurationReport.Write(loaded, Console.Error);
        if (loaded.Options is null) return ExitCodes.Configuration;
        if (!json) Console.Out.WriteLine(
            $"{path}: good: trust domain {loaded.Options.TrustDomain}, {loaded.Options.Entries.Length} entries, {loaded.Options.Templates.All.Length} templates, policies {loaded.Options.Policies.Digest}");
        return ExitCodes.Done;
    }
}
