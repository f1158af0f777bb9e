using System.Globalization;
using System.Text.Json;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>Members of the inventory's JSON, as the pages need them: what is not there is empty.</summary>
internal static class InventoryMembers
{
    public static string Text(this JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public static long Number(this JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : 0;

    public static bool Has(this JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out _);

    public static DateTimeOffset? Moment(this JsonElement of, string name) =>
        DateTimeOffset.TryParse(of.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at) ? at : null;

    public static JsonElement Part(this JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) ? value : default;

    public static IReadOnlyList<JsonElement> Items(this JsonElement of, string name) => of.Part(name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    public static IReadOnlyList<string> Texts(this JsonElement of, string name) =>
        [.. of.Items(name).Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
}
