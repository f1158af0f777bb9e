using System.Collections.Immutable;
using System.CommandLine;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>The request that <c>policy eval</c> decides: one file, or its parts as options.</summary>
internal sealed class PolicyQuestion
{
    private readonly Option<string?> _request = new("--request") { Description = "The whole request as JSON; instead of the four below", HelpName = "FILE" };
    private readonly Option<string?> _principal = new("--principal") { Description = "Who asks, such as 'User::\"alice\"'", HelpName = "ENTITY" };
    private readonly Option<string?> _action = new("--action") { Description = "For what, such as 'Action::\"view\"'", HelpName = "ENTITY" };
    private readonly Option<string?> _resource = new("--resource") { Description = "On what, such as 'Photo::\"vacation.jpg\"'", HelpName = "ENTITY" };
    private readonly Option<string?> _context = new("--context") { Description = "What else is known, as a JSON object", HelpName = "FILE" };

    public static PolicyQuestion AddTo(Command command)
    {
        PolicyQuestion question = new();
        foreach (Option<string?> option in (ReadOnlySpan<Option<string?>>)[question._request, question._principal, question._action, question._resource, question._context]) command.Add(option);
        command.Validators.Add(result =>
        {
            Option<string?>[] parts = [question._principal, question._action, question._resource];
            bool isWhole = result.GetValue(question._request) is not null;
            bool hasParts = parts.Any(p => result.GetValue(p) is not null) || result.GetValue(question._context) is not null;
            if (isWhole && hasParts) result.AddError("--request holds principal, action, resource and context: leave the options for them out");
            else if (!isWhole && parts.FirstOrDefault(p => result.GetValue(p) is null) is { } missing) result.AddError($"{missing.Name} is missing: write it, or --request FILE");
        });
        return question;
    }

    /// <exception cref="FaultException">Something in it is not as it should be. Bad input.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="shapes">What a schema says of contexts; null without one.</param>
    /// <param name="terminal">Where standard input is.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<AuthorizationRequest> ReadAsync(ParseResult parsed, SchemaShapes? shapes, Terminal terminal, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_request) is { } whole)
        {
            InputText input = await InputText.ReadAsync(whole, JsonLimits.MaxBytes, terminal, cancellationToken);
            return RequestJson.TryParse(input.Bytes, shapes is null ? null : shapes.ContextOf, out AuthorizationRequest? request, out JsonFault? wrong)
                ? request
                : throw InputText.Bad(input.Place, wrong.ToString(), "write { \"principal\": { \"type\", \"id\" }, \"action\": …, \"resource\": …, \"context\": {} }");
        }

        EntityUid action = Entity(parsed, _action);
        ValueRecord context = await ContextAsync(parsed.GetValue(_context), shapes?.ContextOf(action), terminal, cancellationToken);
        return new AuthorizationRequest(Entity(parsed, _principal), action, Entity(parsed, _resource), context);
    }

    private static async Task<ValueRecord> ContextAsync(string? path, JsonShape? shape, Terminal terminal, CancellationToken cancellationToken)
    {
        if (path is null) return ValueRecord.Empty;
        InputText input = await InputText.ReadAsync(path, JsonLimits.MaxBytes, terminal, cancellationToken);
        return RequestJson.TryParseContext(input.Bytes, shape, out ValueRecord? context, out JsonFault? fault)
            ? context
            : throw InputText.Bad(input.Place, fault.ToString(), "write a JSON object");
    }

    private static EntityUid Entity(ParseResult parsed, Option<string?> option)
    {
        string text = parsed.GetValue(option)!;
        return PolicyParser.TryParseExpression(text, out Expression? expression, out ImmutableArray<SyntaxError> _) && expression is EntityLiteral literal
            ? literal.Uid
            : throw InputText.Bad($"{option.Name} {text}", "is not an entity", "write its type and its quoted id, such as 'User::\"alice\"'");
    }
}
