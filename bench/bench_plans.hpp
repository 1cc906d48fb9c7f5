// bench_plans.hpp: the policies that are measured and compared, by name, and the kernels they can run on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog.hpp>
#include <anonlog/crypto/keyring_file.hpp>

namespace anonlog::bench {

struct named_policy {
  std::string_view name;
  std::string_view toml;
};

inline constexpr named_policy policies[] = {
    {"balanced", ""},
    {"plain", "[ip]\nv6 = 48\n[query]\nlevel = \"drop\"\n[path]\nlevel = \"keep\"\n"},  // no memo of targets needed
    {"token", "[ip]\nmode = \"token\"\n"},
};

// False where this version has one kernel only.
template <class Options>
bool force_kernel(Options& options, std::string_view name) {
  if constexpr (requires { options.kernel = std::string(name); }) {
    options.kernel = std::string(name);
    return true;
  } else {
    return false;
  }
}

// What this machine can run, the best first.
inline std::vector<std::string> runnable_kernels() {
  std::vector<std::string> names;
  plan_options probe;
  if (!force_kernel(probe, "scalar")) return {"scalar"};
  for (const kernel one : {kernel::avx512, kernel::avx2, kernel::neon, kernel::scalar})
    if (is_supported(one)) names.emplace_back(to_text(one));
  return names;
}

inline std::shared_ptr<const plan> make_plan(std::string_view format, std::string_view policy_name,
                                             std::string_view kernel_name, std::shared_ptr<const keyring> keys) {
  plan_options options;
  options.format = format;
  for (const named_policy& one : policies)
    if (one.name == policy_name) options.rules = parse_policy(one.toml, "bench").value();
  options.keys = std::move(keys);
  force_kernel(options, kernel_name);
  return plan::make(std::move(options)).value();
}

}  // namespace anonlog::bench
