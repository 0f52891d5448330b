// Certificates of a test's own: an authority, and what it signs.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace orderflow {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

struct TestCertificate {
    std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key;
    std::unique_ptr<X509, Freed<X509_free>> certificate;
};

// Without an authority: one that signs others, by itself. With one: for the host or address `name`. Good from two days
// ago until tomorrow, or until yesterday when `expired`.
TestCertificate make_certificate(const std::string& name, const TestCertificate* authority, bool expired = false);

std::string pem_of(X509* certificate);
std::string pem_of(EVP_PKEY* key);

}  // namespace orderflow
