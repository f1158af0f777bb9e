using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Policy.Formatting;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>Texts of the Cedar project, through the formatter and the JSON form and back.</summary>
public sealed class CedarTextTests
{
    [CorpusFact]
    public void Formatting_the_Corpus_keeps_every_policy_and_doing_it_again_changes_nothing() => ForAll((source, text) =>
    {
        Assert.True(PolicyFormatter.TryFormat(source, out string? formatted, out _));
        Assert.True(PolicyParser.TryParse(formatted, out PolicyText? again, out ImmutableArray<SyntaxError> errors), $"{(errors.IsEmpty ? "" : errors[0].Message)}\n{formatted}");
        Assert.Equal(PolicyJson.Write(text.Statements), PolicyJson.Write(again.Statements));
        Assert.True(PolicyFormatter.TryFormat(formatted, out string? twice, out _));
        Assert.Equal(formatted, twice);
    });

    [CorpusFact]
    public void The_Corpus_reads_back_from_its_JSON_form() => ForAll((_, text) =>
    {
        foreach (PolicyStatement statement in text.Statements)
        {
            string json = PolicyJson.Write(statement);
            Assert.True(PolicyJson.TryParse(Encoding.UTF8.GetBytes(json), statement.Id, out PolicyStatement? again, out JsonFault? fault), $"{fault}\n{json}");
            Assert.Equal(json, PolicyJson.Write(again));
        }
    });

    private static void ForAll(Action<string, PolicyText> check)
    {
        int seen = 0;
        IEnumerable<string> files = Directory.EnumerateFiles(CedarSuite.Corpus!, "*.cedar", SearchOption.AllDirectories);
        if (CedarSuite.HandWritten is { } root) files = files.Concat(Directory.EnumerateFiles(root, "*.cedar", SearchOption.AllDirectories));
        foreach (string file in files)
        {
            string source = File.ReadAllText(file);
            Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out _));
            check(source, text);
            seen++;
        }

        Assert.NotEqual(0, seen);
    }
}
