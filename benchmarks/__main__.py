"""Measure all benchmarks, or those named: python -m benchmarks [NAME ...] [--pairs N]."""

import argparse
import sys
import time

from benchmarks import (
    audits,
    choice_fit,
    choice_pairs,
    hf_provider,
    lone,
    memory,
    overhead,
    ready,
    recording,
    replies,
    scoring,
    sign_flips,
    simulated,
    startup,
)
from benchmarks.harness import Result, save

PAIRS = 7
BENCHMARKS = {
    "door": scoring.door,
    "inspect": scoring.through_inspect,
    "hf": hf_provider.against_hf,
    "lone": lone.lone_generate,
    "replies": replies.many_replies,
    "ready": ready.ready,
    "memory": memory.memory,
    "overhead": overhead.overhead,
    "help": startup.help_page,
    "import": startup.import_package,
    "contrasts": sign_flips.contrasts,
    "simulated": simulated.trials,
    "quick": audits.quick,
    "standard": audits.standard,
    "standard_memory": audits.standard_memory,
    "choice_fit": choice_fit.fit_time,
    "choice_choix": choice_fit.fit_against_choix,
    "choice_ue": choice_pairs.against_engineered,
    "choice_swiss": choice_pairs.against_swiss,
    "choice_known": choice_pairs.against_knowing,
    "choice_soft": choice_pairs.soft_against_sampled,
    "recording": recording.one_layer,
    "recording_all": recording.all_layers,
    "recording_plain": recording.against_batches,
    "recording_hidden_states": recording.against_transformers,
    "recording_shared": recording.shared,
    "recording_conversation": recording.conversation,
    "recording_memory": recording.memory,
}
BESIDE = {
    "recording_nnsight": recording.against_nnsight,
    "recording_lens": recording.against_transformer_lens,
}
"""Peers that are no dependency: measured only if named, where they are installed."""


def main(arguments: list[str]) -> int:
    """Measure and save; 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS | BESIDE)}; all of ours if none"
    )
    parser.add_argument("--pairs", type=int, default=PAIRS)
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in BENCHMARKS | BESIDE]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    missed = 0
    for name in asked.names or BENCHMARKS:
        started = time.perf_counter()
        result = (BENCHMARKS | BESIDE)[name](asked.pairs)
        save([result])
        missed += not result.met
        print(_line(result), f"({time.perf_counter() - started:.0f} s)", flush=True)
    return 1 if missed else 0


def _line(result: Result) -> str:
    peer = "" if result.peer is None else f", peer {result.peer:.3g}"
    ratio = (
        "" if result.ratio is None else f", ratio {result.ratio:.2f} [{result.ratio_min:.2f}, {result.ratio_max:.2f}]"
    )
    met = "met" if result.met else "MISSED"
    return f"{result.name}: ours {result.ours:.3g} {result.unit}{peer}{ratio}; target {result.target}: {met}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
