// Services: queue-service, worker-service and api-service on one data directory; Buyers: clients of theirs.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {

inline constexpr std::string_view sku = "PA-BLOT-10";

// Started again on the same ports.
class Services {
  public:
    enum class Name : std::size_t { queue, worker, api };

    Services() {
        for (const auto name : {Name::queue, Name::worker, Name::api}) start(name);
    }
    // `more`: settings of all three.
    explicit Services(ServerProcess::Settings more) : more_(std::move(more)) {
        for (const auto name : {Name::queue, Name::worker, Name::api}) start(name);
    }
    // `queue_at`: given the queue's port, where the others find it (a proxy).
    explicit Services(const std::function<std::uint16_t(std::uint16_t)>& queue_at) {
        start(Name::queue);
        queue_seen_at_ = queue_at(port(Name::queue));
        for (const auto name : {Name::worker, Name::api}) start(name);
    }

    void start(Name name) {
        const auto i = static_cast<std::size_t>(name);
        static const std::vector<std::string> programs{"queue-service", "worker-service", "api-service"};
        processes_[i] = std::make_unique<ServerProcess>(settings(name), std::vector<std::string>(),
                                                        std::vector<std::string>(), programs[i]);
        ports_[i] = processes_[i]->wait_until_ready();
    }
    void kill(Name name) { processes_[static_cast<std::size_t>(name)]->kill(); }
    ServerProcess& process(Name name) { return *processes_[static_cast<std::size_t>(name)]; }
    ShopClient client() const { return ShopClient(ports_[2]); }
    std::uint16_t port(Name name) const { return ports_[static_cast<std::size_t>(name)]; }
    // Of a program that takes the place of this one, or stands beside it.
    ServerProcess::Settings settings(Name name) const {
        auto result = more_;
        result.emplace("ORDERFLOW_DATA_DIR", dir_.path().string());
        const auto address = [this](Name of) { return "127.0.0.1:" + std::to_string(port(of)); };
        if (name == Name::queue) {
            result.emplace("ORDERFLOW_SQS_LISTEN", address(Name::queue));
        } else {
            const auto queue = queue_seen_at_ != 0 ? queue_seen_at_ : port(Name::queue);
            result.emplace("ORDERFLOW_QUEUE_URL", "http://127.0.0.1:" + std::to_string(queue) + "/000000000000/orders");
            result.emplace(name == Name::api ? "ORDERFLOW_LISTEN" : "ORDERFLOW_WORKER_LISTEN", address(name));
        }
        return result;
    }

  private:
    TempDir dir_;
    ServerProcess::Settings more_;
    std::unique_ptr<ServerProcess> processes_[3];
    std::uint16_t ports_[3]{};
    std::uint16_t queue_seen_at_ = 0;
};

// Places orders of one piece until it is stopped; each is repeated with its key until it is acknowledged, and then once
// more: the same key has to meet the same order.
class Buyers {
  public:
    explicit Buyers(const Services& services) {
        for (int buyer = 0; buyer < 3; ++buyer) {
            threads_.emplace_back([this, &services, buyer] { buy(services.client(), buyer); });
        }
    }
    ~Buyers() { stop(); }
    Buyers(const Buyers&) = delete;
    Buyers& operator=(const Buyers&) = delete;

    void wait_for_more(std::size_t orders) {
        std::unique_lock lock(mutex_);
        const auto target = acknowledged_.size() + orders;
        EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return acknowledged_.size() >= target; }));
    }
    std::vector<std::string> stop() {
        stopping_ = true;
        for (auto& thread : std::exchange(threads_, {})) thread.join();
        return acknowledged_;
    }

  private:
    void buy(const ShopClient& client, int buyer) {
        const auto body = order_body({{std::string(sku), 1}});
        for (int number = 0; !stopping_; ++number) {
            const auto key = "services-test-" + std::to_string(buyer) + "-" + std::to_string(number);
            for (;;) {
                const auto answer = client.try_post_order(key, body);
                if (answer && answer->status == 202) {
                    acknowledge(answer->text("id"), client.try_post_order(key, body));
                    break;
                }
                if (answer) EXPECT_EQ(answer->status, 503) << answer->body;
                std::this_thread::yield();
            }
            changed_.notify_all();
        }
    }

    void acknowledge(const std::string& id, const std::optional<Answer>& again) {
        if (again && again->status == 202) EXPECT_EQ(again->text("id"), id);
        const std::lock_guard lock(mutex_);
        acknowledged_.push_back(id);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> acknowledged_;
    std::atomic<bool> stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace orderflow::e2e
