using System.CommandLine;
using System.Text.Json;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Platform.Doctor;

namespace Spiffe.Agent.Commands;

/// <summary><c>spiffe-agent doctor</c>: which of the daemon's guarantees hold on this machine, as this user; exit 1 when one does not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string> output = new("--output") { Description = "text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        Command doctor = new("doctor", "Say which guarantees hold on this machine, as this user, and what to do about the others.") { output };
        doctor.SetAction(result =>
        {
            IReadOnlyList<Finding> findings = MachineCheck.Run();
            if (result.GetValue(output) is "json") WriteJson(findings, Console.OpenStandardOutput());
            else Write(findings, Console.Out);
            return findings.All(f => f.Holds) ? ExitCodes.Done : ExitCodes.Failed;
        });
        return doctor;
    }

    private static void Write(IReadOnlyList<Finding> findings, TextWriter to)
    {
        int width = findings.Max(f => f.Name.Length);
        foreach (Finding finding in findings) to.WriteLine($"  {(finding.Holds ? "yes" : "no ")}  {finding.Name.PadRight(width)}  {finding.Detail}");
        int missing = findings.Count(f => !f.Holds);
        to.WriteLine(missing == 0 ? "\nEverything holds." : $"\n{missing} of {findings.Count} do not hold here.");
    }

    private static void WriteJson(IReadOnlyList<Finding> findings, Stream to)
    {
        using Utf8JsonWriter writer = new(to, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (Finding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", finding.Name);
            writer.WriteBoolean("holds", finding.Holds);
            writer.WriteString("detail", finding.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        to.WriteByte((byte)'\n');
    }
}
