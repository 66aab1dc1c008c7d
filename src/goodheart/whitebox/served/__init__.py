"""A model on a server of vLLM with vllm-lens: its states recorded and steered over HTTP.

`served_model.ServedModel` is the door, with the calls of `LocalModel`; `opening` finds the model behind an address and
tries whether what is pushed arrives; `server` asks and `wire` packs numbers.
"""
