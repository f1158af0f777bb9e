using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Some hundreds of the Cedar project's corpus, mangled, are read or refused; what is read is decided.</summary>
public sealed class MangledCorpusTests
{
    private const string Archive = "cedar/corpus-tests.tar.gz";

    /// <summary>One case of so many is taken.</summary>
    private const int OneOf = 12;

    private static readonly Lazy<(string Policies, string Entities, string[] Requests)[]> Cases = new(Read);

    [SharedDataFact(Archive)]
    public void The_corpus_mangled_is_read_or_refused_and_decided() =>
        Prop.ForAll(Arb.From(Inputs), input => { Survival.Run(input.Policies, input.Entities, input.Request); }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    /// <summary>One of policies, entities and request is mangled, the others are as they came: so the mangled one is met by the evaluator too.</summary>
    private static Gen<(string Policies, byte[] Entities, byte[] Request)> Inputs =>
        from chosen in Gen.Elements(Cases.Value)
        from request in Gen.Elements(chosen.Requests)
        from which in Gen.Choose(0, 2)
        from policies in Mangled.Of(chosen.Policies)
        from entities in Mangled.BytesOf(chosen.Entities)
        from question in Mangled.BytesOf(request)
        select (which == 0 ? policies : chosen.Policies, which == 1 ? entities : Encoding.UTF8.GetBytes(chosen.Entities), which == 2 ? question : Encoding.UTF8.GetBytes(request));

    private static (string Policies, string Entities, string[] Requests)[] Read()
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        using GZipStream gzip = new(File.OpenRead(SharedDataFactAttribute.PathOf(Archive)!), CompressionMode.Decompress);
        using TarReader tar = new(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || entry.Name.EndsWith(".cedarschema", StringComparison.Ordinal)) continue;
            using StreamReader reader = new(entry.DataStream);
            files[entry.Name] = reader.ReadToEnd();
        }

        return
        [
            .. from name in files.Keys.Where(file => file.EndsWith(".cedar", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Where((_, i) => i % OneOf == 0)
               let stem = name[..^".cedar".Length]
               select (files[name], files[stem + ".entities.json"], RequestsOf(files[stem + ".json"])),
        ];
    }

    private static string[] RequestsOf(string json)
    {
        using JsonDocument test = JsonDocument.Parse(json);
        return [.. test.RootElement.GetProperty("requests").EnumerateArray().Select(request => request.GetRawText())];
    }
}
