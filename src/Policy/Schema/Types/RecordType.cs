using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>A record with exactly these attributes, of which optional ones may be missing. Found by binary search.</summary>
internal sealed class RecordType : CedarType
{
    public static readonly RecordType Empty = new([]);

    private const int NamesInText = 8;

    private RecordType(ImmutableArray<RecordAttribute> attributes)
        : base(1 + attributes.Select(attribute => attribute.Type.Depth).DefaultIfEmpty().Max(), 1 + attributes.Sum(attribute => (long)attribute.Type.Size)) =>
        Attributes = attributes;

    /// <summary>Ordered by the text of their names.</summary>
    public ImmutableArray<RecordAttribute> Attributes { get; }

    /// <param name="attributes">In any order; names must differ.</param>
    public static RecordType Of(IEnumerable<RecordAttribute> attributes)
    {
        ImmutableArray<RecordAttribute> sorted = [.. attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)];
        return sorted.IsEmpty ? Empty : new RecordType(sorted);
    }

    /// <summary>The attribute of that name, or null.</summary>
    public RecordAttribute? Find(string name)
    {
        int low = 0;
        int high = Attributes.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(Attributes[middle].Name, name);
            if (order == 0) return Attributes[middle];
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>The first few attributes by name: a type may be far larger than a message.</summary>
    public override string ToString()
    {
        string names = string.Join(", ", Attributes.Take(NamesInText).Select(attribute => attribute.IsRequired ? attribute.Name : attribute.Name + "?"));
        return Attributes.Length > NamesInText ? $"{{{names}, …}}" : $"{{{names}}}";
    }
}
