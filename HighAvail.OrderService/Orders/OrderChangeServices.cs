using System.Security.Claims;
using HighAvail.OrderService.Signals;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace HighAvail.OrderService.Orders;

/// <summary>What changing an order takes, besides the order. Services are marked: none of them could be the body, which these calls do not have.</summary>
internal readonly record struct OrderChangeServices(
    HttpContext Context,
    ClaimsPrincipal Caller,
    [property: FromServices] NpgsqlDataSource DataSource,
    [property: FromServices] OrderSignals Signals,
    [property: FromServices] TimeProvider TimeProvider);
