using Spiffe.Agent.Policy.Schema;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>The schema that policies of tasks are written against.</summary>
public static class TaskPolicySchema
{
    private const string Resource = "Spiffe.Agent.Tasks.tasks.cedarschema";

    /// <summary>Its text, for people and tools: <c>spiffe-agent policy check --schema</c>.</summary>
    public static string Text { get; } = Read();

    /// <summary>The schema.</summary>
    public static PolicySchema Schema { get; } = PolicySchema.Parse(Text) is { Schema: { } schema } ? schema : throw new InvalidOperationException("the schema of tasks is not valid");

    private static string Read()
    {
        using Stream stream = typeof(TaskPolicySchema).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
