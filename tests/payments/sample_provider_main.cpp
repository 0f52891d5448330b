// sample-payment-provider: SampleProvider as a program, for end-to-end tests and for trying the `http` provider out.
// Runs until SIGTERM or SIGINT.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "orderflow/command_line.hpp"
#include "programs/process.hpp"
#include "tests/payments/sample_provider.hpp"

namespace {

using namespace orderflow;

int serve(std::span<const char* const> words) {
    payments::SampleProviderOptions options;
    std::string listen = "127.0.0.1:0";
    unsigned percent = 0;
    std::uint64_t seed = 1;
    CLI::App app{"Takes charges and refunds over the http payment contract, moves no money, keeps a ledger."};
    app.add_option("--ledger", options.ledger, "its ledger")->required()->type_name("FILE");
    app.add_option("--secret", options.secrets, "whsec_...; requests must be signed with it")->required();
    app.add_option("--listen", listen, "host:port; port 0 picks a free one [127.0.0.1:0]");
    app.add_option("--faults", percent, "this many of a hundred charges and refunds fail in some way [0]");
    app.add_option("--seed", seed, "of the faults [1]");
    if (const auto ended = parse_command_line(app, "sample-payment-provider", words)) return *ended;
    const auto address = net::ListenAddress::parse(listen);
    if (!address) {
        std::fprintf(stderr, "sample-payment-provider: --listen: %s\n", address.error().detail().c_str());
        return exit_bad_usage;
    }
    options.listen = *address;
    const StopSignals signals;
    const SystemClock clock;
    crypto::SystemEntropy entropy;
    payments::SampleProvider provider(clock, entropy, options);
    provider.faults().roll(percent, seed);
    std::printf("sample-payment-provider is ready: %s\n", provider.url().c_str());
    std::fflush(stdout);
    signals.wait();
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    return run_program("sample-payment-provider", [words] { return serve(words); });
}
