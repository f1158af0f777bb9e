using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry update NAME</c>: what is written changes, the rest stays.</summary>
internal static class EntryUpdate
{
    private static readonly string[] Removable = ["x509-ttl", "jwt-ttl", "wit-ttl", "dns-name", "hint", "priority"];

    public static Command Create(Terminal terminal)
    {
        Command command = new("update", "Change an entry that was given over the admin socket: what is written changes, the rest stays. It counts at once, on open streams too.");
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<string> name = EntryOptions.Name();
        command.Add(name);
        EntryFields fields = EntryFields.AddTo(command);
        Option<string[]> unset = new("--unset") { Description = $"Take a field away: {string.Join(", ", Removable)}; repeat it for several", HelpName = "FIELD" };
        unset.AcceptOnlyFromAmong(Removable);
        command.Add(unset);
        command.Validators.Add(result =>
        {
            IReadOnlyList<string> written = fields.Written(result);
            string[] away = [.. (result.GetValue(unset) ?? []).Select(FieldOf)];
            if (written.Count == 0 && away.Length == 0) result.AddError("write what is to change, such as --x509-ttl 30m or --unset hint");
            foreach (string field in away.Where(f => written.Contains(f, StringComparer.Ordinal))) result.AddError($"--unset contradicts --{field.Replace('_', '-')}");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            UpdateEntryRequest request = new() { Name = parsed.GetValue(name), Entry = fields.Read(parsed), UpdateMask = new FieldMask() };
            request.UpdateMask.Paths.AddRange(fields.Written(parsed.CommandResult));
            request.UpdateMask.Paths.AddRange((parsed.GetValue(unset) ?? []).Select(FieldOf));
            return EntryOptions.ChangeAsync(options, parsed, "updated", null, (client, token) => client.UpdateAsync(request, token), terminal, cancellationToken);
        });
        return command;
    }

    private static string FieldOf(string word) => word is "dns-name" ? "dns_names" : word.Replace('-', '_');
}
