using System.Security.Claims;
using HighAvail.OrderService.Signals;
using Npgsql;

namespace HighAvail.OrderService.Orders;

/// <summary>What changing an order takes, besides the order.</summary>
internal readonly record struct OrderChangeServices(
    HttpContext Context, ClaimsPrincipal Caller, NpgsqlDataSource DataSource, OrderSignals Signals, TimeProvider TimeProvider);
