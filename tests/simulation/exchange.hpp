// Exchange: one HTTP request of a simulated client, and where its answer goes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/net/method.hpp"

namespace orderflow::simulation {

struct Answer {
    unsigned status = 0;
    std::string body;
};

struct Exchange {
    net::Method method = net::Method::get;
    std::string path;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::stop_source stop;
    // When the client's end of the connection is free for the next thing that the program sends.
    std::shared_ptr<Instant> line = std::make_shared<Instant>();
    // Both run on the program's API thread, and only while the program lives. nullopt: a stream has ended.
    std::function<void(Answer)> answered;
    std::function<void(std::optional<std::string>)> streamed;  // one piece of an event stream
};

}  // namespace orderflow::simulation
