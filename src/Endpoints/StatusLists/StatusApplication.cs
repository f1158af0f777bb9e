using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>Stands where ASP.NET's hosting pipeline would: Kestrel calls it for each request.</summary>
internal sealed class StatusApplication(StatusDesk desk) : IHttpApplication<IFeatureCollection>
{
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        IHttpRequestFeature request = context.GetRequiredFeature<IHttpRequestFeature>();
        IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
        StatusReply reply = desk.Answer(request.Method, request.RawTarget);
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = reply.CacheControl;
        headers.XContentTypeOptions = "nosniff";
        headers.AccessControlAllowOrigin = "*"; // draft-ietf-oauth-status-list §8.1: browsers may read it, it is public.
        response.StatusCode = reply.Code;
        if (reply.Code == StatusCodes.Status405MethodNotAllowed) headers.Allow = "GET, HEAD";
        if (reply.Tag.Length > 0)
        {
            string tag = $"\"{reply.Tag}\"";
            headers.ETag = tag;
            if (IsKnown(request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        headers.ContentLength = reply.Body.Length;
        if (reply.ContentType.Length > 0) headers.ContentType = reply.ContentType;
        if (HttpMethods.IsHead(request.Method) || reply.Body.IsEmpty) return;
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(reply.Body);
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // Nothing outlives ProcessRequestAsync.
    }

    // RFC 9110 §13.1.2: one of a list, weak or not.
    private static bool IsKnown(string? ifNoneMatch, string tag) =>
        ifNoneMatch is not null && ifNoneMatch.Split(',', StringSplitOptions.TrimEntries).Any(known => string.Equals(known.StartsWith("W/", StringComparison.Ordinal) ? known[2..] : known, tag, StringComparison.Ordinal));
}
