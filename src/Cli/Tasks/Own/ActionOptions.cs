using System.CommandLine;
using System.Text.Json;
using ProtocolAction = Spiffe.Agent.Protocols.Tasks.Action;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary>One action as flags. Whether it is granted is the agent's to say.</summary>
internal sealed class ActionOptions
{
    private readonly Option<string> _type = new("--type") { Description = "The authorization detail's type", HelpName = "TYPE", Required = true };
    private readonly Option<string> _action = new("--action") { Description = "What is to be done: one of the detail's actions", HelpName = "ACTION", Required = true };
    private readonly Option<string?> _location = Text("--location", "LOCATION", "Where: a place within the detail's locations");
    private readonly Option<string?> _datatype = Text("--datatype", "DATATYPE", "To which data: one of the detail's datatypes");
    private readonly Option<string?> _sensitivity = Text("--sensitivity", "LEVEL", "How sensitive: public, internal, confidential or restricted");
    private readonly Option<string?> _tool = Text("--tool", "TOOL", "With which tool");
    private readonly Option<string?> _boundary = Text("--boundary", "NAME", "Within which trust boundary");
    private readonly Option<string?> _reason = Text("--reason", "TEXT", "Why, for the record");
    private readonly Option<string?> _parameters = Text("--parameters", "JSON", "The parameters, a JSON object: the token is good for these alone");
    private readonly Option<string?> _audience = Text("--audience", "AUDIENCE", "Whom the token is for");

    private ActionOptions(Command command)
    {
        foreach (Option option in new Option[] { _type, _action, _location, _datatype, _sensitivity, _tool, _boundary, _reason, _parameters, _audience }) command.Add(option);
        _parameters.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !IsObject(result.Tokens[0].Value)) result.AddError("--parameters: is no JSON object: write one, such as '{\"amount\": 3}'");
        });
    }

    public static ActionOptions AddTo(Command command) => new(command);

    public ProtocolAction Read(ParseResult parsed) => new()
    {
        Type = parsed.GetRequiredValue(_type),
        Action_ = parsed.GetRequiredValue(_action),
        Location = parsed.GetValue(_location) ?? "",
        Datatype = parsed.GetValue(_datatype) ?? "",
        Sensitivity = parsed.GetValue(_sensitivity) ?? "",
        Tool = parsed.GetValue(_tool) ?? "",
        Boundary = parsed.GetValue(_boundary) ?? "",
        Reason = parsed.GetValue(_reason) ?? "",
        Parameters = parsed.GetValue(_parameters) ?? "",
        Audience = parsed.GetValue(_audience) ?? "",
    };

    private static bool IsObject(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
