// LoadArguments: the command line of `orderflow load`.
#pragma once

#include <chrono>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "orderflow/load/load_options.hpp"

namespace orderflow::load {

struct LoadArguments {
    LoadOptions options;  // without SKUs when none were named: they are the server's then
    bool json = false;
};

// `new_seed`: for a run that names none. What ends the program instead (--help, an error) was printed; the value is its
// exit code.
std::expected<LoadArguments, int> read_load_arguments(std::span<const char* const> words, std::uint64_t new_seed);

// "500ms", "10s", "2m", "1h". invalid_input "load.duration".
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

struct Target {
    net::ListenAddress server;
    std::string host;  // as in the URL
    std::string path;  // empty: the URL names none
};
// "http://127.0.0.1:8080/order"; the port may be missing (80). invalid_input "load.url".
Result<Target> parse_url(std::string_view text);

}  // namespace orderflow::load
