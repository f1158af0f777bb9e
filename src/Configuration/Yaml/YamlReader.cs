using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>Reads one YAML document into nodes, without what makes YAML dangerous or surprising: aliases, tags, repeated keys, deep nesting.</summary>
/// <remarks>
/// Works from the parser's events, so that nothing is built before it is judged and no depth can exhaust the stack. Aliases are refused, not expanded:
/// a small file cannot become a large one. Time and memory are linear in the text, which the caller has limited.
/// </remarks>
internal sealed class YamlReader
{
    /// <summary>How deep lists and mappings may nest. Ours; the deepest key of a configuration stands at 8.</summary>
    public const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly FaultList _faults;

    private YamlReader(string text, FaultList faults)
    {
        _parser = new Parser(new StringReader(text));
        _faults = faults;
    }

    /// <summary>The document, or null where the text is no YAML that is read here; <paramref name="faults"/> then says why.</summary>
    public static YamlNode? Read(string text, FaultList faults)
    {
        const string Remedy = "correct the syntax; indent with spaces, and quote values that begin with a special character";
        YamlReader reader = new(text, faults);
        try
        {
            return reader.ReadStream();
        }
        catch (YamlException e)
        {
            faults.Add(PlaceOf(e.Start), null, null, $"is not valid YAML: {Reason(e)}", Remedy);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            // YamlDotNet 16.3 leaves some broken texts with these instead of a YamlException; tests/Fuzz/Configuration finds them in seconds.
            faults.Add(reader.Here(), null, null, "is not valid YAML near here", Remedy);
        }
        catch (YamlRefusedException e)
        {
            faults.Add(e.Place, null, null, e.Problem, e.Remedy);
        }

        return null;
    }

    private YamlNode? ReadStream()
    {
        Take<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        Take<DocumentStart>();
        YamlNode root = ReadNode(new KeyPath(), 0);
        Take<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) throw new YamlRefusedException(Here(), "begins a second document", "keep one document in the file: remove '---'");
        return root;
    }

    private YamlNode ReadNode(KeyPath path, int depth)
    {
        if (_parser.Accept<AnchorAlias>(out _)) throw new YamlRefusedException(Here(), "is an alias", "write the value out: anchors and aliases are not read");
        NodeEvent node = Take<NodeEvent>();
        YamlPlace place = PlaceOf(node.Start);
        if (!node.Anchor.IsEmpty) throw new YamlRefusedException(place, "has an anchor", "remove it: anchors and aliases are not read");
        if (!node.Tag.IsEmpty) throw new YamlRefusedException(place, "has a tag", "remove what begins with '!': every key knows how its value is read");
        if (node is Scalar scalar) return new YamlScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
        if (depth == MaxDepth) throw new YamlRefusedException(place, $"nests deeper than {MaxDepth} levels", "flatten it: no key of a configuration needs this");
        return node is SequenceStart ? ReadSequence(place, path, depth + 1) : ReadMapping(place, path, depth + 1);
    }

    private YamlSequence ReadSequence(YamlPlace place, KeyPath path, int depth)
    {
        List<YamlNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(path.Item(items.Count), depth));
        return new YamlSequence(place, items);
    }

    private YamlMapping ReadMapping(YamlPlace place, KeyPath path, int depth)
    {
        List<KeyValuePair<YamlScalar, YamlNode>> members = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            YamlPlace at = Here();
            if (ReadNode(path, depth) is not YamlScalar key) throw new YamlRefusedException(at, "is a list or mapping used as a key", "write the key as one word");
            YamlNode value = ReadNode(path.Key(key.Text), depth);
            if (lines.TryAdd(key.Text, key.Place.Line)) members.Add(new(key, value));
            else _faults.Add(key.Place, path.Key(key.Text), null, $"is given twice: first on line {lines[key.Text]}", "keep one of them");
        }

        return new YamlMapping(place, members);
    }

    private YamlPlace Here() => PlaceOf(_parser.Current?.Start ?? Mark.Empty);

    private T Take<T>()
        where T : ParsingEvent => _parser.Consume<T>();

    private static YamlPlace PlaceOf(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>The parser's reason, in one line and without a full stop.</summary>
    private static string Reason(YamlException e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
