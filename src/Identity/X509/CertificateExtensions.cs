using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Identity.X509;

/// <summary>Looks extensions up.</summary>
internal static class CertificateExtensions
{
    /// <summary>The one extension of its kind; <see langword="null"/> when there is none, or more than one (RFC 5280 §4.2 permits no second).</summary>
    public static T? Only<T>(this X509Certificate2 certificate)
        where T : X509Extension
    {
        T? only = null;
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is not T found) continue;
            if (only is not null) return null;
            only = found;
        }

        return only;
    }
}
