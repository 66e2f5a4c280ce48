namespace HighAvail.Gateway.Forwarding;

/// <summary>What became of one try.</summary>
internal enum TryOutcome
{
    /// <summary>Nothing more is to be done: the client has its answer, or has gone.</summary>
    Over,

    /// <summary>The answer broke off after it had begun. The client has seen the beginning, so nothing more can be done.</summary>
    Broken,

    /// <summary>There were too many other requests. No service has seen it.</summary>
    Crowded,

    /// <summary>There was nobody to send it to.</summary>
    NoReplica,

    /// <summary>The replica could not be connected to: it has seen nothing of the request.</summary>
    Refused,

    /// <summary>The service answered that the request is to be repeated.</summary>
    Later,

    /// <summary>The connection broke, or what came was no answer. Whether the request was done is not known.</summary>
    Lost,

    /// <summary>The request could not be sent, and could not to any other replica. No service has seen it.</summary>
    Unsendable,

    /// <summary>No answer came in time. Whether the request was done, or is still going to be, is not known.</summary>
    Late,
}
