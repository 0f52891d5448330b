// What the API does with the bytes of one order, and the worker with the bytes of one message. One thread, no disk.
#include <benchmark/benchmark.h>

#include "bench/pieces/bench_orders.hpp"
#include "libs/contract/draft_json.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::bench {
namespace {

constexpr std::size_t different = 1024;  // orders, so that no branch is learned by heart
constexpr json::ParseLimits limits{.bytes = contract::request_bytes_max, .depth = contract::request_depth_max};

struct Written {
    std::string body;     // of the request
    std::string message;  // on the queue
};

std::vector<orders::PlaceOrder> orders_of_a_shop() {
    SeededEntropy entropy(1);
    std::vector<orders::PlaceOrder> result;
    for (std::size_t n = 0; n < different; ++n) result.push_back(random_order(entropy, n));
    return result;
}

std::string message_of(const orders::PlaceOrder& order) {
    const contract::PlaceHead head{.message_id = "0123456789abcdef0123456789abcdef",
                                   .order = order.id,
                                   .fingerprint = order.fingerprint,
                                   .accepted_at = order.accepted_at,
                                   .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
    return contract::encode_place(head, contract::encode_draft(*order.draft));
}

std::vector<Written> written_orders() {
    std::vector<Written> result;
    for (const auto& order : orders_of_a_shop()) result.push_back({request_body(order), message_of(order)});
    return result;
}

void count_bytes(benchmark::State& state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.SetItemsProcessed(state.iterations());
}

void ParseJson(benchmark::State& state) {
    const auto written = written_orders();
    std::size_t n = 0;
    std::size_t bytes = 0;
    for (auto _ : state) {
        const auto& body = written[n++ % different].body;
        bytes += body.size();
        benchmark::DoNotOptimize(json::parse(body, limits));
    }
    count_bytes(state, bytes);
}
BENCHMARK(ParseJson);

void ParseAndValidate(benchmark::State& state) {
    const auto written = written_orders();
    std::size_t n = 0;
    std::size_t bytes = 0;
    for (auto _ : state) {
        const auto& body = written[n++ % different].body;
        bytes += body.size();
        const auto parsed = json::parse(body, limits);
        const auto draft = contract::read_order_request(*parsed);
        if (!draft) state.SkipWithError("a valid order was refused");
        benchmark::DoNotOptimize(draft);
    }
    count_bytes(state, bytes);
}
BENCHMARK(ParseAndValidate);

void Fingerprint(benchmark::State& state) {
    const auto orders = orders_of_a_shop();
    std::size_t n = 0;
    for (auto _ : state) {
        const auto canonical = contract::encode_draft(*orders[n++ % different].draft);
        benchmark::DoNotOptimize(contract::fingerprint_of(contract::create_operation, canonical, crypto::sha256));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Fingerprint);

void EncodeMessage(benchmark::State& state) {
    const auto orders = orders_of_a_shop();
    std::size_t n = 0;
    std::size_t bytes = 0;
    for (auto _ : state) bytes += message_of(orders[n++ % different]).size();
    count_bytes(state, bytes);
}
BENCHMARK(EncodeMessage);

void DecodeMessage(benchmark::State& state) {
    const auto written = written_orders();
    std::size_t n = 0;
    std::size_t bytes = 0;
    for (auto _ : state) {
        const auto& message = written[n++ % different].message;
        bytes += message.size();
        const auto decoded = contract::decode_message(message);
        if (!decoded) state.SkipWithError("a message was refused");
        benchmark::DoNotOptimize(decoded);
    }
    count_bytes(state, bytes);
}
BENCHMARK(DecodeMessage);

}  // namespace
}  // namespace orderflow::bench
