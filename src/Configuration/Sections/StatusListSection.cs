using System.Net;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>tasks.status_list</c>.</summary>
internal static class StatusListSection
{
    private const int MaxUri = 512; // It stands in every token.

    public static StatusListOptions? Read(Section section)
    {
        if (section.IsBroken) return null;
        IPEndPoint listen = ReadListen(section) ?? new IPEndPoint(IPAddress.Loopback, 8089);
        string? uri = ReadUri(section);
        TimeSpan ttl = section.Duration("ttl", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        section.RefuseUnknownKeys();
        return uri is null ? null : new StatusListOptions { Listen = listen, Uri = uri, Ttl = ttl };
    }

    private static IPEndPoint? ReadListen(Section section)
    {
        if (section.Single("listen") is not { } value) return null;
        bool good = IPEndPoint.TryParse(value.Text, out IPEndPoint? address) && address.Port > 0 && string.Equals(address.ToString(), value.Text, StringComparison.Ordinal);
        if (good) return address;
        value.Fault("is not an address and a port", "write numbers, such as 127.0.0.1:8089 or [::1]:8089");
        return null;
    }

    private static string? ReadUri(Section section)
    {
        const string Remedy = "write the https URL under which verifiers reach it, such as https://node-1.example.org/status; http for a loopback address only";
        if (section.Required("uri", Remedy) is not { } value) return null;
        bool good = value.Text.Length <= MaxUri
            && Uri.TryCreate(value.Text, UriKind.Absolute, out Uri? uri)
            && uri is { Host.Length: > 0, UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            && (value.Text.StartsWith("https://", StringComparison.Ordinal) || (value.Text.StartsWith("http://", StringComparison.Ordinal) && uri.IsLoopback))
            && !value.Text.AsSpan().ContainsAny("?# ");
        if (good) return value.Text;
        value.Fault("is not where verifiers could fetch a list from safely", Remedy);
        return null;
    }
}
