// LoadOptions: what a load is asked to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/net/listen_address.hpp"
#include "orderflow/load/mix.hpp"

namespace orderflow::load {

// Where a program tells its counters.
struct MetricsPage {
    net::ListenAddress server;
    std::string host;  // of the URL, for the Host field
    std::string path = "/metrics";
};

struct LoadOptions {
    net::ListenAddress server;
    std::string host;                      // of the URL, for the Host field
    std::string path = "/order";           // where orders are placed
    std::optional<std::uint64_t> rate;     // requests per second, open loop; nothing: as fast as answers come
    std::chrono::milliseconds duration{};  // of the sending; 0: until `orders` were sent
    std::uint64_t orders = 0;              // at most; 0: as many as the duration has room for
    std::size_t connections = 64;
    std::uint64_t seed = 0;
    Mix mix;
    std::vector<std::string> skus;  // what may be ordered
    std::optional<std::string> flash_sale;
    std::string ledger;                             // file; empty: none
    std::chrono::milliseconds answer_within = 10s;  // per request; later is an unknown outcome
    std::chrono::milliseconds settle_within{};      // 0: do not wait
    std::vector<MetricsPage> more_metrics;          // besides the server's own: of services that run apart from it
    std::size_t trackers = 1;                       // orders that are followed at a time, from 202 to their end
    bool keep_going = false;                        // also when nobody listens any more
};

}  // namespace orderflow::load
