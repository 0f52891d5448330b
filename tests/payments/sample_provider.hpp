// SampleProvider: the other end of the `http` payment contract (docs/adr/0014-http-payments.md), for tests and demos:
// a real listener, a synced ledger of its own, the tokens of the simulated provider (and tok_refused: 422), and faults
// on command.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/listen_address.hpp"

namespace orderflow::payments {

enum class SampleFault : std::uint8_t {
    none,
    busy,             // 503, nothing happened
    error_before,     // 500, nothing happened
    error_after,      // 500 after the effect
    silence_before,   // no answer, nothing happened
    silence_after,    // no answer after the effect
    truncated_after,  // half of the JSON after the effect
    slow,             // the answer takes `slow_time`
    twice,            // the request arrives a second time, at the same time
    refusal,          // 422, nothing happened
};
std::string_view to_string(SampleFault fault);

// Which fault strikes which call: those that were asked for first, then by the dice. Any thread.
class SampleFaults {
  public:
    // The next `times` charges and refunds meet `fault`.
    void inject(SampleFault fault, unsigned times = 1);
    // From now on `percent` of the charges and refunds meet one of those that pass, refusal is none of them. The same
    // seed, the same faults.
    void roll(unsigned percent, std::uint64_t seed);
    SampleFault next();

  private:
    std::mutex mutex_;
    std::deque<SampleFault> asked_for_;
    unsigned percent_ = 0;
    std::mt19937_64 dice_;
};

struct SampleProviderOptions {
    std::string ledger;   // file; PaymentLedger
    std::string secrets;  // crypto::WebhookKeys
    net::ListenAddress listen;
    BootClock::duration slow_time = 300ms;
    BootClock::duration silence = 60s;  // then the connection ends
};

class SampleProvider {
  public:
    static constexpr std::string_view base_path = "/payments";

    // Listens and answers, on threads of its own. Throws std::runtime_error when it cannot. All outlive it.
    SampleProvider(const Clock& clock, Entropy& entropy, const SampleProviderOptions& options);
    // Ends every connection.
    ~SampleProvider();
    SampleProvider(const SampleProvider&) = delete;
    SampleProvider& operator=(const SampleProvider&) = delete;

    net::ListenAddress bound() const;
    std::string url() const;  // with base_path
    SampleFaults& faults();
    // Charges and refunds that arrived with a good signature.
    std::uint64_t calls() const;
    // Of the last of them; empty when it had none.
    std::string last_traceparent() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::payments
