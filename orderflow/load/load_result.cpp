#include "orderflow/load/load_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libs/json/writer.hpp"

namespace orderflow::load {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t ns_per_us = 1000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_s = 1'000'000'000;

std::uint64_t per_second(std::uint64_t count, nanoseconds time) {
    if (time.count() <= 0) return 0;
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(count) * ns_per_s /
                                      static_cast<unsigned __int128>(time.count()));
}

std::int64_t cpu_ns_per_request(const LoadResult& result) {
    const auto cpu = nanoseconds(result.cpu_user + result.cpu_system).count();
    return result.counts.sent == 0 ? 0 : cpu / static_cast<std::int64_t>(result.counts.sent);
}

std::string seconds_text(nanoseconds value) {
    return fmt::format("{}.{:03} s", value.count() / ns_per_s, value.count() % ns_per_s / ns_per_ms);
}

std::string percentiles_text(const LatencyHistogram& latency) {
    return fmt::format("p50 {}  p90 {}  p99 {}  p99.9 {}  max {}", duration_text(latency.at(500)),
                       duration_text(latency.at(900)), duration_text(latency.at(990)), duration_text(latency.at(999)),
                       duration_text(latency.max()));
}

void write_percentiles(json::Writer& out, const LatencyHistogram& latency) {
    const auto us = [](nanoseconds value) { return value.count() / ns_per_us; };
    out.begin_object().key("count").integer(static_cast<std::int64_t>(latency.count()));
    out.key("p50_us").integer(us(latency.at(500))).key("p90_us").integer(us(latency.at(900)));
    out.key("p99_us").integer(us(latency.at(990))).key("p999_us").integer(us(latency.at(999)));
    out.key("max_us").integer(us(latency.max())).end_object();
}

struct Named {
    const char* name;
    std::uint64_t LoadCounts::* count;
};
constexpr Named named_counts[] = {{"sent", &LoadCounts::sent},
                                  {"accepted", &LoadCounts::accepted},
                                  {"replayed", &LoadCounts::replayed},
                                  {"cancels", &LoadCounts::cancels},
                                  {"refused", &LoadCounts::refused},
                                  {"errors", &LoadCounts::errors},
                                  {"unexpected", &LoadCounts::unexpected},
                                  {"overloaded", &LoadCounts::overloaded},
                                  {"not_sent", &LoadCounts::not_sent},
                                  {"unknown", &LoadCounts::unknown}};

std::string count_text(std::optional<std::uint64_t> count) {
    return count ? fmt::format("{}", *count) : std::string("?");
}

}  // namespace

std::string settling_text(const LoadCounts& counts, std::optional<std::uint64_t> settled,
                          std::optional<std::uint64_t> queued) {
    const auto cancels = counts.cancels == 0 ? std::string() : fmt::format(" and {} cancels", counts.cancels);
    return fmt::format("settled {} of {}{}  messages in the queues {}", count_text(settled), counts.accepted, cancels,
                       count_text(queued));
}

namespace {

// By the server's counters, which may count the orders of others too: then nothing is said. Declined payments and a
// product that is sold out reject orders as they should.
bool all_rejected(const LoadOptions& options, const LoadResult& result) {
    const auto accepted = result.counts.accepted;
    if (accepted == 0 || options.mix.declined > 0 || options.flash_sale) return false;
    return result.rejected_orders && result.settled_orders && *result.rejected_orders == *result.settled_orders &&
           *result.rejected_orders >= accepted;
}

}  // namespace

std::uint64_t oversold(const LoadResult& result) {
    if (!result.flash_sale || !result.settled_after || !result.rejected_orders) return 0;
    const auto kept = result.counts.accepted - std::min(*result.rejected_orders, result.counts.accepted);
    const auto there = static_cast<std::uint64_t>(std::max<std::int64_t>(result.flash_sale->before, 0));
    const auto short_of = result.flash_sale->after < 0 ? static_cast<std::uint64_t>(-result.flash_sale->after) : 0;
    return std::max(kept > there ? kept - there : 0, short_of);
}

bool went_well(const LoadOptions& options, const LoadResult& result) {
    const auto& counts = result.counts;
    if (oversold(result) > 0) return false;
    if (result.settle_wanted && !result.settled_after) return false;
    if (all_rejected(options, result)) return false;
    return options.keep_going ? counts.unexpected == 0 : counts.errors == 0;
}

std::string duration_text(nanoseconds value) {
    const auto ns = value.count();
    if (ns >= 10 * ns_per_s) return seconds_text(value);
    if (ns >= ns_per_ms) return fmt::format("{}.{:02} ms", ns / ns_per_ms, ns % ns_per_ms / 10'000);
    return fmt::format("{} us", ns / ns_per_us);
}

std::string summary_text(const LoadOptions& options, const LoadResult& result) {
    const auto& counts = result.counts;
    std::string text;
    if (!result.stopped_because.empty()) text += "stopped: " + result.stopped_because + "\n";
    text += fmt::format("seed {}, {} connections, {}\n", options.seed, options.connections,
                        options.rate ? fmt::format("{} requests/s (open loop)", *options.rate)
                                     : std::string("as fast as answers come (closed loop)"));
    text += fmt::format("sent {} in {}; accepted {} orders ({}/s)", counts.sent, seconds_text(result.sending),
                        counts.accepted, per_second(counts.accepted, result.sending));
    if (counts.replayed + counts.cancels + counts.refused > 0) {
        text += fmt::format("; replayed {}, cancels {}, refused as they should be {}", counts.replayed, counts.cancels,
                            counts.refused);
    }
    text += fmt::format("\nerrors {}", counts.errors);
    if (counts.errors > 0) {
        text += fmt::format(" (unexpected {}, overloaded {}, not sent {}, unknown {})", counts.unexpected,
                            counts.overloaded, counts.not_sent, counts.unknown);
    }
    if (result.overdue > 0) {
        text += fmt::format("\nbehind its schedule by {} requests: the server, or {} connections, were too slow for it",
                            result.overdue, options.connections);
    }
    text += fmt::format("\nanswer after   {}\n", percentiles_text(result.latency));
    if (result.confirmed.count() > 0) {
        text += fmt::format("settled after  {} (of {} orders followed by GET every few ms, from their 202)\n",
                            percentiles_text(result.confirmed), result.confirmed.count());
    }
    if (result.settled_after) {
        text += fmt::format("all settled {} after the first request: {} orders/s from POST to settled\n",
                            seconds_text(*result.settled_after), per_second(counts.accepted, *result.settled_after));
    } else if (result.settle_wanted) {
        text += "not all orders settled in time\n";
    }
    if (all_rejected(options, result)) {
        text += "every order was rejected: is there stock? GET /v1/products, and the order's events, tell why\n";
    } else if (result.rejected_orders.value_or(0) > 0) {
        text += fmt::format("rejected {} of the {} orders that settled meanwhile\n", *result.rejected_orders,
                            count_text(result.settled_orders));
    }
    if (result.flash_sale) {
        text += fmt::format("flash sale     sold {} of {}, refused {}, oversold {}\n",
                            result.flash_sale->before - result.flash_sale->after, result.flash_sale->before,
                            count_text(result.rejected_orders), oversold(result));
    }
    const auto cpu = cpu_ns_per_request(result);
    text += fmt::format("CPU of this generator: {}.{} us a request\n", cpu / ns_per_us, cpu % ns_per_us / 100);
    return text;
}

std::string summary_json(const LoadOptions& options, const LoadResult& result) {
    json::Writer out;
    out.begin_object().key("url").string("http://" + options.host + options.path);
    out.key("seed").string(std::to_string(options.seed));
    out.key("connections").integer(static_cast<std::int64_t>(options.connections));
    out.key("rate");
    if (options.rate) {
        out.integer(static_cast<std::int64_t>(*options.rate));
    } else {
        out.null();
    }
    for (const auto& [name, count] : named_counts)
        out.key(name).integer(static_cast<std::int64_t>(result.counts.*count));
    out.key("overdue").integer(static_cast<std::int64_t>(result.overdue));
    out.key("sending_us").integer(result.sending.count() / ns_per_us);
    out.key("accepted_per_s").integer(static_cast<std::int64_t>(per_second(result.counts.accepted, result.sending)));
    out.key("answer");
    write_percentiles(out, result.latency);
    out.key("settled");
    if (result.settled_after) {
        out.begin_object().key("after_us").integer(result.settled_after->count() / ns_per_us);
        out.key("orders_per_s");
        out.integer(static_cast<std::int64_t>(per_second(result.counts.accepted, *result.settled_after))).end_object();
    } else {
        out.null();
    }
    out.key("rejected");
    if (result.rejected_orders) {
        out.integer(static_cast<std::int64_t>(*result.rejected_orders));
    } else {
        out.null();
    }
    out.key("flash_sale");
    if (result.flash_sale) {
        out.begin_object().key("before").integer(result.flash_sale->before);
        out.key("sold").integer(result.flash_sale->before - result.flash_sale->after);
        out.key("oversold").integer(static_cast<std::int64_t>(oversold(result))).end_object();
    } else {
        out.null();
    }
    out.key("accepted_to_settled");
    write_percentiles(out, result.confirmed);
    out.key("cpu_user_us").integer(result.cpu_user.count());
    out.key("cpu_system_us").integer(result.cpu_system.count());
    out.key("cpu_ns_per_request").integer(cpu_ns_per_request(result));
    out.key("stopped_because").string(result.stopped_because);
    return std::move(out.end_object()).take() + "\n";
}

}  // namespace orderflow::load
