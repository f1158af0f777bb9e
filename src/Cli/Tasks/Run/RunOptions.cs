using System.CommandLine;
using System.Security.Cryptography;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Changes;
using Spiffe.Agent.Protocols.Tasks;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>What <c>task run</c> says of the task, as flags. Whether it is granted is the agent's to say.</summary>
internal sealed class RunOptions
{
    private readonly Option<string> _template = new("--template") { Description = "Which kind of task", HelpName = "NAME", Required = true };
    private readonly Option<string> _goal = new("--goal") { Description = "What the work is for, in a sentence", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _reason = Text("--reason", "TEXT", "Why now");
    private readonly Option<string?> _ticket = Text("--ticket", "TICKET", "The ticket, incident or change that it is for: the task can be ended with it");
    private readonly Option<string[]> _grants = Texts("--grant", "JSON|@FILE", "A right that is needed, an authorization detail (RFC 9396); repeat it. What the template gives unless said otherwise");
    private readonly Option<string[]> _actions = Texts("--action", "ACTION", "An action that the work means to take; repeat it. Whatever is granted unless said otherwise");
    private readonly Option<string[]> _tools = Texts("--tool", "TOOL", "A tool that the work means to use; repeat it");
    private readonly Option<string[]> _boundaries = Texts("--boundary", "NAME", "A trust boundary that the work means to stay in; repeat it");
    private readonly Option<string?> _sensitivity = Text("--max-sensitivity", "LEVEL", "The highest that the work means to touch: public, internal, confidential or restricted");
    private readonly Option<string[]> _labels = LabelOption.Create("A label, such as stage=build: the task can be selected by it; repeat it for several");
    private readonly Option<string?> _subject = Text("--subject-token-file", "FILE", "Holds the token of the user or CI job on whose behalf it is done; - reads standard input");
    private readonly Option<TimeSpan?> _deadline = SpanOption.Create("--deadline", "Longest life of the task; the template's unless said otherwise");
    private readonly Option<TimeSpan?> _lease = SpanOption.Create("--lease", "How long it lives without being attested anew; the template's unless said otherwise");

    private RunOptions(Command command)
    {
        foreach (Option option in new Option[] { _template, _goal, _reason, _ticket, _grants, _actions, _tools, _boundaries, _sensitivity, _labels, _subject, _deadline, _lease }) command.Add(option);
    }

    public static RunOptions AddTo(Command command) => new(command);

    /// <summary>The request, still without the process that it is for.</summary>
    /// <exception cref="FaultException">A file cannot be read, or a grant is not JSON. Bad input.</exception>
    public async Task<StartTaskRequest> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        StartTaskRequest request = new()
        {
            IdempotencyKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Template = parsed.GetRequiredValue(_template),
            Intent = new Intent
            {
                Goal = parsed.GetRequiredValue(_goal),
                Reason = parsed.GetValue(_reason) ?? "",
                Ticket = parsed.GetValue(_ticket) ?? "",
                MaxSensitivity = parsed.GetValue(_sensitivity) ?? "",
            },
            AuthorizationDetails = await GrantInput.ReadAsync(parsed.GetValue(_grants) ?? [], terminal, cancellationToken),
            Lease = parsed.GetValue(_lease) is { } lease ? Duration.FromTimeSpan(lease) : null,
            Deadline = parsed.GetValue(_deadline) is { } deadline ? Duration.FromTimeSpan(deadline) : null,
        };
        request.Intent.ExpectedActions.AddRange(parsed.GetValue(_actions) ?? []);
        request.Intent.Tools.AddRange(parsed.GetValue(_tools) ?? []);
        request.Intent.Boundaries.AddRange(parsed.GetValue(_boundaries) ?? []);
        LabelOption.Read(parsed.GetValue(_labels), request.Labels);
        if (parsed.GetValue(_subject) is { } file) request.SubjectToken = await SubjectTokenInput.ReadAsync(file, terminal, cancellationToken);
        return request;
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static Option<string[]> Texts(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
