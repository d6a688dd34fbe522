"""The members of every public class of Keras 3.15.1.

Written by `python -m tests.oracle.record_names`. A class's text holds the public classes that it inherits from, a colon, and its own
members, in the words of recorded_names.py. TENSORFLOW_CLASSES holds those that differ there.
"""

# ruff: noqa: E501

CLASSES: dict[str, str] = {
    "Function": "Operation: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) inputs operations outputs",
    "KerasTensor": ": dtype ndim ragged ragged_rank reshape(newshape) row_splits_dtype shape sparse squeeze(axis)",
    "Operation": """
: call(*args,**) compute_output_spec(*args,**) from_config(config) get_config() input output quantized_call(*args,**)
rematerialized_call(fn,*args,**) symbolic_call(*args,**)
""",
    "RematScope": ": ",
    "StatelessScope": ": add_loss(loss) add_update(update) get_current_value(variable)",
    "SymbolicScope": ": ",
    "Variable": """
: aggregation assign(value) assign_add(value) assign_sub(value) constraint dtype handle name ndim numpy() overwrite_with_gradient path
regularizer shape synchronization trainable value
""",
    "callbacks.BackupAndRestore": "callbacks.Callback: on_epoch_end(epoch,logs) on_train_batch_end(batch,logs) on_train_begin(logs) on_train_end(logs)",
    "callbacks.CSVLogger": "callbacks.Callback: on_epoch_end(epoch,logs) on_train_begin(logs) on_train_end(logs)",
    "callbacks.Callback": """
: model on_batch_begin(batch,logs) on_batch_end(batch,logs) on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs)
on_predict_batch_begin(batch,logs) on_predict_batch_end(batch,logs) on_predict_begin(logs) on_predict_end(logs)
on_test_batch_begin(batch,logs) on_test_batch_end(batch,logs) on_test_begin(logs) on_test_end(logs) on_train_batch_begin(batch,logs)
on_train_batch_end(batch,logs) on_train_begin(logs) on_train_end(logs) set_model(model) set_params(params)
""",
    "callbacks.CallbackList": """
callbacks.Callback: on_batch_begin(batch,logs) on_batch_end(batch,logs) on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs)
on_predict_batch_begin(batch,logs) on_predict_batch_end(batch,logs) on_predict_begin(logs) on_predict_end(logs)
on_test_batch_begin(batch,logs) on_test_batch_end(batch,logs) on_test_begin(logs) on_test_end(logs) on_train_batch_begin(batch,logs)
on_train_batch_end(batch,logs) on_train_begin(logs) on_train_end(logs) set_model(model) set_params(params)
""",
    "callbacks.EarlyStopping": "callbacks.Callback: get_monitor_value(logs) on_epoch_end(epoch,logs) on_train_begin(logs) on_train_end(logs)",
    "callbacks.History": "callbacks.Callback: on_epoch_end(epoch,logs) on_train_begin(logs)",
    "callbacks.LambdaCallback": "callbacks.Callback: ",
    "callbacks.LearningRateScheduler": "callbacks.Callback: on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs)",
    "callbacks.ModelCheckpoint": "callbacks.Callback: on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs) on_train_batch_end(batch,logs)",
    "callbacks.OrbaxCheckpoint": """
callbacks.Callback: is_multihost_enabled() is_primary_host() on_epoch_end(epoch,logs) on_train_batch_end(batch,logs) on_train_end(logs)
set_model(model) wait_until_finished()
""",
    "callbacks.ProgbarLogger": """
callbacks.Callback: on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs) on_predict_batch_end(batch,logs) on_predict_begin(logs)
on_predict_end(logs) on_test_batch_end(batch,logs) on_test_begin(logs) on_test_end(logs) on_train_batch_end(batch,logs)
on_train_begin(logs) set_params(params)
""",
    "callbacks.ReduceLROnPlateau": "callbacks.Callback: in_cooldown() on_epoch_end(epoch,logs) on_train_begin(logs)",
    "callbacks.RemoteMonitor": "callbacks.Callback: on_epoch_end(epoch,logs)",
    "callbacks.SwapEMAWeights": """
callbacks.Callback: on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs) on_predict_begin(logs) on_predict_end(logs) on_test_begin(logs)
on_test_end(logs)
""",
    "callbacks.TensorBoard": """
callbacks.Callback: on_epoch_begin(epoch,logs) on_epoch_end(epoch,logs) on_test_batch_begin(batch,logs) on_test_begin(logs)
on_test_end(logs) on_train_batch_begin(batch,logs) on_train_batch_end(batch,logs) on_train_begin(logs) on_train_end(logs)
set_model(model) summary
""",
    "callbacks.TerminateOnNaN": "callbacks.Callback: on_batch_end(batch,logs)",
    "constraints.Constraint": ": from_config(config) get_config()",
    "constraints.MaxNorm": "constraints.Constraint: get_config()",
    "constraints.MinMaxNorm": "constraints.Constraint: get_config()",
    "constraints.NonNeg": "constraints.Constraint: ",
    "constraints.UnitNorm": "constraints.Constraint: get_config()",
    "distillation.DistillationLoss": """
: compute_loss(teacher_outputs,student_outputs,**) validate_model_compatibility(teacher,student)
validate_outputs(teacher_outputs,student_outputs)
""",
    "distillation.Distiller": """
models.Model: call(inputs,training,**) compile(optimizer,loss,metrics,**) compute_loss(x,y,y_pred,sample_weight,training)
from_config(config) get_config() reset_metrics()
""",
    "distillation.FeatureDistillation": """
distillation.DistillationLoss: compute_loss(teacher_outputs,student_outputs,**) from_config(config) get_config()
validate_model_compatibility(teacher,student) validate_outputs(teacher_outputs,student_outputs)
""",
    "distillation.LogitsDistillation": "distillation.DistillationLoss: compute_loss(teacher_outputs,student_outputs,**) from_config(config) get_config()",
    "distribution.DataParallel": """
: auto_shard_dataset batch_dim_name data_shard_id device_mesh distribute_dataset(dataset) distribute_tf_dataset(dataset)
get_data_layout(data_shape) get_tensor_layout(path) get_variable_layout(variable) num_model_replicas num_processes scope()
""",
    "distribution.DeviceMesh": ": axis_names backend_mesh devices shape",
    "distribution.LayoutMap": ": device_mesh",
    "distribution.ModelParallel": """
: auto_shard_dataset batch_dim_name data_shard_id device_mesh distribute_dataset(dataset) distribute_tf_dataset(dataset)
get_data_layout(data_shape) get_tensor_layout(path) get_variable_layout(variable) num_model_replicas num_processes scope()
""",
    "distribution.TensorLayout": ": axes backend_layout device_mesh",
    "dtype_policies.AWQDTypePolicy": "dtype_policies.QuantizedDTypePolicy: get_config()",
    "dtype_policies.DTypePolicy": ": compute_dtype convert_input(x,autocast,dtype) from_config(config) get_config() name quantization_mode variable_dtype",
    "dtype_policies.DTypePolicyMap": """
dtype_policies.DTypePolicy: compute_dtype default_policy from_config(config,custom_objects) get_config() name quantization_mode
variable_dtype
""",
    "dtype_policies.FloatDTypePolicy": "dtype_policies.DTypePolicy: ",
    "dtype_policies.GPTQDTypePolicy": "dtype_policies.QuantizedDTypePolicy: get_config()",
    "dtype_policies.Int4DTypePolicy": "dtype_policies.QuantizedDTypePolicy: get_config()",
    "dtype_policies.QuantizedDTypePolicy": "dtype_policies.DTypePolicy: get_config()",
    "dtype_policies.QuantizedFloat8DTypePolicy": "dtype_policies.QuantizedDTypePolicy: amax_history_length default_amax_history_length get_config()",
    "export.ExportArchive": """
: add_endpoint(name,fn,input_signature,**) add_variable_collection(name,variables) track(resource)
track_and_add_endpoint(name,resource,input_signature,**) write_out(filepath,options,verbose)
""",
    "initializers.Constant": "initializers.Initializer: from_config(config) get_config()",
    "initializers.GlorotNormal": "initializers.VarianceScaling: get_config()",
    "initializers.GlorotUniform": "initializers.VarianceScaling: get_config()",
    "initializers.HeNormal": "initializers.VarianceScaling: get_config()",
    "initializers.HeUniform": "initializers.VarianceScaling: get_config()",
    "initializers.Identity": "initializers.Initializer: ",
    "initializers.Initializer": ": clone() from_config(config) get_config()",
    "initializers.LecunNormal": "initializers.VarianceScaling: get_config()",
    "initializers.LecunUniform": "initializers.VarianceScaling: get_config()",
    "initializers.Ones": "initializers.Initializer: ",
    "initializers.Orthogonal": "initializers.Initializer: get_config()",
    "initializers.RandomNormal": "initializers.Initializer: get_config()",
    "initializers.RandomUniform": "initializers.Initializer: get_config()",
    "initializers.STFT": "initializers.Initializer: get_config()",
    "initializers.TruncatedNormal": "initializers.Initializer: get_config()",
    "initializers.VarianceScaling": "initializers.Initializer: get_config()",
    "initializers.Zeros": "initializers.Initializer: ",
    "layers.Activation": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.ActivityRegularization": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveAveragePooling1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveAveragePooling2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveAveragePooling3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveMaxPooling1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveMaxPooling2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AdaptiveMaxPooling3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Add": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.AdditiveAttention": "layers.Attention: build(input_shape) get_config()",
    "layers.AlphaDropout": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.Attention": """
layers.Layer: build(input_shape) call(inputs,mask,training,return_attention_scores,use_causal_mask) compute_mask(inputs,mask)
compute_output_shape(input_shape) compute_output_spec(inputs,mask,return_attention_scores,training,use_causal_mask) get_config()
""",
    "layers.AugMix": """
layers.Layer: build(input_shape) call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.AutoContrast": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.Average": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.AveragePooling1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AveragePooling2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.AveragePooling3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.BatchNormalization": "layers.Layer: build(input_shape) call(inputs,training,mask) compute_output_shape(input_shape) get_config()",
    "layers.Bidirectional": """
layers.Layer: build(sequences_shape,initial_state_shape) call(sequences,initial_state,mask,training) compute_mask(_,mask)
compute_output_shape(sequences_shape,initial_state_shape) from_config(config,custom_objects) get_config() reset_state() reset_states()
states
""",
    "layers.CategoryEncoding": """
layers.Layer: call(inputs,count_weights) compute_output_shape(input_shape) compute_output_spec(inputs,count_weights)
convert_weight(weight) get_config()
""",
    "layers.CenterCrop": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.Concatenate": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.ContrastLimitedAdaptiveHistogramEqualization": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.Conv1D": """
layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) convolution_op(inputs,kernel)
enable_lora(rank,lora_alpha,a_initializer,b_initializer) get_config() kernel load_own_variables(store) save_own_variables(store)
""",
    "layers.Conv1DTranspose": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Conv2D": """
layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) convolution_op(inputs,kernel)
enable_lora(rank,lora_alpha,a_initializer,b_initializer) get_config() kernel load_own_variables(store) save_own_variables(store)
""",
    "layers.Conv2DTranspose": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Conv3D": """
layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) convolution_op(inputs,kernel)
enable_lora(rank,lora_alpha,a_initializer,b_initializer) get_config() kernel load_own_variables(store) save_own_variables(store)
""",
    "layers.Conv3DTranspose": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.ConvLSTM1D": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training)
compute_mask(_,mask) compute_output_shape(sequences_shape,initial_state_shape) data_format dilation_rate dropout filters
from_config(config) get_config() kernel_constraint kernel_initializer kernel_regularizer kernel_size padding recurrent_activation
recurrent_constraint recurrent_dropout recurrent_initializer recurrent_regularizer strides unit_forget_bias use_bias
""",
    "layers.ConvLSTM2D": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training)
compute_mask(_,mask) compute_output_shape(sequences_shape,initial_state_shape) data_format dilation_rate dropout filters
from_config(config) get_config() kernel_constraint kernel_initializer kernel_regularizer kernel_size padding recurrent_activation
recurrent_constraint recurrent_dropout recurrent_initializer recurrent_regularizer strides unit_forget_bias use_bias
""",
    "layers.ConvLSTM3D": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training)
compute_mask(_,mask) compute_output_shape(sequences_shape,initial_state_shape) data_format dilation_rate dropout filters
from_config(config) get_config() kernel_constraint kernel_initializer kernel_regularizer kernel_size padding recurrent_activation
recurrent_constraint recurrent_dropout recurrent_initializer recurrent_regularizer strides unit_forget_bias use_bias
""",
    "layers.Cropping1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Cropping2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Cropping3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.CutMix": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.Dense": """
layers.Layer: build(input_shape) call(inputs,training) compute_output_shape(input_shape)
enable_lora(rank,lora_alpha,a_initializer,b_initializer) from_config(config) get_config() kernel load_own_variables(store)
quantize(mode,type_check,config) quantized_build(kernel_shape,mode,config) save_own_variables(store) variable_serialization_spec
""",
    "layers.DepthwiseConv1D": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.DepthwiseConv2D": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Discretization": """
layers.Layer: adapt(data,steps) call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) convert_weight(weight)
finalize_state() from_config(config,custom_objects) get_config() input_dtype load_own_variables(store) output_dtype reset_state()
update_state(data)
""",
    "layers.Dot": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.Dropout": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.ELU": "layers.Layer: call(inputs) compute_output_shape(input_shape)",
    "layers.EinsumDense": """
layers.Layer: build(input_shape) call(inputs,training) compute_output_shape(input_shape)
enable_lora(rank,lora_alpha,a_initializer,b_initializer) from_config(config) get_config() kernel load_own_variables(store)
quantize(mode,type_check,config) quantized_build(kernel_shape,mode,config) save_own_variables(store) variable_serialization_spec
""",
    "layers.Embedding": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
embeddings enable_lora(rank,lora_alpha,a_initializer,b_initializer) from_config(config) get_config() load_own_variables(store)
quantize(mode,type_check,config) quantized_build(embeddings_shape,mode,config) save_own_variables(store) variable_serialization_spec
""",
    "layers.Equalization": """
layers.Layer: call(data,training) compute_output_shape(input_shape) compute_output_spec(inputs,**) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.Flatten": "layers.Layer: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) get_config()",
    "layers.FlaxLayer": "layers.JaxLayer: from_config(config) get_config()",
    "layers.GRU": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training) dropout
from_config(config) get_config() inner_loop(sequences,initial_state,mask,training) kernel_constraint kernel_initializer
kernel_regularizer recurrent_activation recurrent_constraint recurrent_dropout recurrent_initializer recurrent_regularizer reset_after
units use_bias
""",
    "layers.GRUCell": """
layers.Layer: build(input_shape) call(inputs,states,training) get_config() get_dropout_mask(step_input) get_initial_state(batch_size)
get_recurrent_dropout_mask(step_input) reset_dropout_mask() reset_recurrent_dropout_mask()
""",
    "layers.GaussianDropout": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.GaussianNoise": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.GlobalAveragePooling1D": "layers.Layer: call(inputs,mask) compute_mask(inputs,mask) compute_output_shape(input_shape) get_config()",
    "layers.GlobalAveragePooling2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GlobalAveragePooling3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GlobalMaxPool1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GlobalMaxPool2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GlobalMaxPool3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GroupNormalization": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.GroupQueryAttention": """
layers.Layer: build(query_shape,value_shape,key_shape)
call(query,value,key,query_mask,value_mask,key_mask,attention_mask,return_attention_scores,training,use_causal_mask)
compute_output_shape(query_shape,value_shape,key_shape)
compute_output_spec(query,value,key,query_mask,value_mask,key_mask,attention_mask,return_attention_scores,training,use_causal_mask)
get_config()
""",
    "layers.HashedCrossing": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Hashing": "layers.Layer: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) get_config()",
    "layers.Identity": "layers.Layer: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs)",
    "layers.InputLayer": "layers.Layer: batch_shape call() dtype get_config()",
    "layers.InputSpec": ": from_config(config) get_config()",
    "layers.IntegerLookup": """
layers.Layer: adapt(data,steps) build_from_config(config) call(inputs) compute_dtype compute_output_shape(input_shape)
compute_output_spec(inputs) finalize_state() get_build_config() get_config() get_vocabulary(include_special_tokens)
load_assets(dir_path) load_own_variables(store) reset_state() save_assets(dir_path) save_own_variables(store)
set_vocabulary(vocabulary,idf_weights) update_state(data) variable_dtype vocabulary_size()
""",
    "layers.JaxLayer": "layers.Layer: build(input_shape) call(inputs,training) from_config(config) get_config()",
    "layers.LSTM": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training) dropout
from_config(config) get_config() inner_loop(sequences,initial_state,mask,training) kernel_constraint kernel_initializer
kernel_regularizer recurrent_activation recurrent_constraint recurrent_dropout recurrent_initializer recurrent_regularizer
unit_forget_bias units use_bias
""",
    "layers.LSTMCell": """
layers.Layer: build(input_shape) call(inputs,states,training) get_config() get_dropout_mask(step_input) get_initial_state(batch_size)
get_recurrent_dropout_mask(step_input) reset_dropout_mask() reset_recurrent_dropout_mask()
""",
    "layers.Lambda": """
layers.Layer: call(inputs,mask,training) compute_mask(inputs,mask) compute_output_shape(input_shape)
from_config(config,custom_objects,safe_mode) get_config()
""",
    "layers.Layer": """
Operation: add_loss(loss) add_metric(*args,**) add_variable(shape,initializer,dtype,trainable,autocast,regularizer,constraint,name)
add_weight(*args,shape,initializer,dtype,trainable,autocast,regularizer,constraint,aggregation,overwrite_with_gradient,name)
build(input_shape) build_from_config(config) call(*args,**) compute_dtype compute_mask(inputs,previous_mask)
compute_output_shape(*args,**) compute_output_spec(*args,**) count_params() dtype dtype_policy get_build_config() get_config()
get_weights() input_dtype input_spec load_own_variables(store) losses metrics metrics_variables non_trainable_variables
non_trainable_weights path quantization_mode quantize(mode,type_check,config) quantized_build(input_shape,mode) quantized_call(*args,**)
rematerialized_call(layer_call,*args,**) save_own_variables(store) set_weights(weights)
stateless_call(trainable_variables,non_trainable_variables,*args,return_losses,**) supports_masking symbolic_call(*args,**) trainable
trainable_variables trainable_weights variable_dtype variables weights
""",
    "layers.LayerNormalization": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.LeakyReLU": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Masking": "layers.Layer: call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) get_config()",
    "layers.MaxNumBoundingBoxes": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.MaxPool1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.MaxPool2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.MaxPool3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Maximum": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.MelSpectrogram": """
layers.Layer: call(inputs) compute_output_shape(input_shape) convert_weight(weight) get_config()
linear_to_mel_weight_matrix(num_mel_bins,num_spectrogram_bins,sampling_rate,lower_edge_hertz,upper_edge_hertz,dtype)
""",
    "layers.Minimum": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.MixUp": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.MultiHeadAttention": """
layers.Layer: attention_axes build(query_shape,value_shape,key_shape)
call(query,value,key,query_mask,value_mask,key_mask,attention_mask,return_attention_scores,training,use_causal_mask)
compute_output_shape(query_shape,value_shape,key_shape)
compute_output_spec(query,value,key,query_mask,value_mask,key_mask,attention_mask,return_attention_scores,training,use_causal_mask)
dropout get_config() key_dense key_dim num_heads output_dense query_dense use_bias value_dense value_dim
""",
    "layers.Multiply": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.Normalization": """
layers.Layer: adapt(data) build(input_shape) build_from_config(config) call(inputs) compute_output_shape(input_shape)
convert_weight(weight) finalize_state() get_build_config() get_config() load_own_variables(store)
""",
    "layers.PReLU": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Permute": "layers.Layer: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) get_config()",
    "layers.Pipeline": "layers.Layer: call(inputs,training,mask) from_config(config) get_config() layers",
    "layers.RMSNormalization": "layers.Layer: build(input_shape) call(x) compute_output_shape(input_shape) get_config()",
    "layers.RNN": """
layers.Layer: build(sequences_shape,initial_state_shape) call(sequences,initial_state,mask,training) compute_mask(_,mask)
compute_output_shape(sequences_shape,initial_state_shape) from_config(config,custom_objects) get_config() get_initial_state(batch_size)
inner_loop(sequences,initial_state,mask,training) reset_state() reset_states()
""",
    "layers.RandAugment": """
layers.Layer: build(input_shape) call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomBrightness": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomColorDegeneration": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomColorJitter": """
layers.Layer: build(input_shape) call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomContrast": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomCrop": """
layers.Layer: call(data,training) compute_output_shape(input_shape,*args,**) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomElasticTransform": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_elastic_transform_params(height,width,factor) get_random_transformation(data,training,seed)
transform_bounding_boxes(bounding_boxes,transformation,training) transform_images(images,transformation,training)
transform_labels(labels,transformation,training) transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomErasing": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomFlip": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomGaussianBlur": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomGrayscale": """
layers.Layer: call(data,training) compute_output_shape(input_shape) compute_output_spec(inputs,**) convert_weight(weight) get_config()
get_random_transformation(images,training,seed) transform_bounding_boxes(bounding_boxes,**)
transform_images(images,transformation,training) transform_labels(labels,transformations,**)
transform_segmentation_masks(segmentation_masks,transformations,**) transform_single_bounding_box(bounding_box,transformation,training)
transform_single_image(image,transformation,training) transform_single_label(label,transformation,training)
transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomHue": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomInvert": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomPerspective": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomPosterization": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomRotation": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomSaturation": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomSharpness": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomShear": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) get_shifted_bbox(bounding_boxes,w_shift_factor,h_shift_factor)
get_transformed_x_y(x,y,transform) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomTranslation": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) get_shifted_bbox(bounding_boxes,w_shift_factor,h_shift_factor)
get_transformed_x_y(x,y,transform) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.RandomZoom": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight)
get_clipped_bbox(bounding_boxes,h_end,h_start,w_end,w_start) get_config() get_random_transformation(data,training,seed)
get_transformed_x_y(x,y,transform) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.ReLU": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.RepeatVector": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Rescaling": "layers.Layer: call(inputs) compute_output_shape(input_shape) convert_weight(weight) from_config(config,custom_objects) get_config()",
    "layers.Reshape": "layers.Layer: call(inputs) compute_output_shape(input_shape) compute_output_spec(inputs) get_config()",
    "layers.Resizing": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.ReversibleEmbedding": """
layers.Embedding: build(input_shape) call(inputs,reverse) compute_mask(inputs,mask) compute_output_shape(input_shape,reverse)
compute_output_spec(inputs,reverse) get_config() quantize(mode,type_check,config) quantized_build(embeddings_shape,mode,config)
variable_serialization_spec
""",
    "layers.STFTSpectrogram": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.SeparableConv1D": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.SeparableConv2D": "layers.Layer: build(input_shape) call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.SimpleRNN": """
layers.RNN: activation bias_constraint bias_initializer bias_regularizer call(sequences,initial_state,mask,training) dropout
from_config(config) get_config() kernel_constraint kernel_initializer kernel_regularizer recurrent_constraint recurrent_dropout
recurrent_initializer recurrent_regularizer units use_bias
""",
    "layers.SimpleRNNCell": """
layers.Layer: build(input_shape) call(sequence,states,training) get_config() get_dropout_mask(step_input) get_initial_state(batch_size)
get_recurrent_dropout_mask(step_input) reset_dropout_mask() reset_recurrent_dropout_mask()
""",
    "layers.Softmax": "layers.Layer: call(inputs,mask) compute_output_shape(input_shape) get_config()",
    "layers.Solarization": """
layers.Layer: call(data,training) compute_output_shape(input_shape) convert_weight(weight) get_config()
get_random_transformation(data,training,seed) transform_bounding_boxes(bounding_boxes,transformation,training)
transform_images(images,transformation,training) transform_labels(labels,transformation,training)
transform_segmentation_masks(segmentation_masks,transformation,training)
transform_single_bounding_box(bounding_box,transformation,training) transform_single_image(image,transformation,training)
transform_single_label(label,transformation,training) transform_single_segmentation_mask(segmentation_mask,transformation,training)
""",
    "layers.SpatialDropout1D": "layers.Dropout: call(inputs,training) get_config()",
    "layers.SpatialDropout2D": "layers.Dropout: call(inputs,training) get_config()",
    "layers.SpatialDropout3D": "layers.Dropout: call(inputs,training) get_config()",
    "layers.SpectralNormalization": "layers.Wrapper: build(input_shape) call(inputs,training) compute_output_shape(input_shape) get_config() normalized_weights()",
    "layers.StackedRNNCells": """
layers.Layer: build(input_shape) call(inputs,states,training,**) from_config(config,custom_objects) get_config()
get_initial_state(batch_size) output_size state_size
""",
    "layers.StringLookup": """
layers.Layer: adapt(data,steps) build_from_config(config) call(inputs) compute_dtype compute_output_shape(input_shape)
compute_output_spec(inputs) finalize_state() get_build_config() get_config() get_vocabulary(include_special_tokens)
load_assets(dir_path) load_own_variables(store) reset_state() save_assets(dir_path) save_own_variables(store)
set_vocabulary(vocabulary,idf_weights) update_state(data) variable_dtype vocabulary_size()
""",
    "layers.Subtract": """
layers.Layer: build(input_shape) call(inputs) compute_mask(inputs,mask) compute_output_shape(input_shape) compute_output_spec(inputs)
get_config()
""",
    "layers.TFSMLayer": "layers.Layer: call(inputs,training,**) from_config(config,custom_objects,safe_mode) get_config()",
    "layers.TextVectorization": """
layers.Layer: adapt(data,batch_size,steps) build(input_shape) call(inputs) compute_dtype compute_output_shape(input_shape)
compute_output_spec(inputs) finalize_state() from_config(config) get_config() get_vocabulary(include_special_tokens)
load_assets(dir_path) load_own_variables(store) reset_state() save_assets(dir_path) save_own_variables(store)
set_vocabulary(vocabulary,idf_weights) update_state(data) variable_dtype vocabulary_size()
""",
    "layers.TimeDistributed": "layers.Wrapper: build(input_shape) call(inputs,training,mask) compute_output_shape(input_shape)",
    "layers.TorchModuleWrapper": """
layers.Layer: call(*args,training,**) compute_output_shape(input_shape) from_config(config,custom_objects,safe_mode) get_config()
load_own_variables(store) parameters(recurse) save_own_variables(store)
""",
    "layers.UnitNormalization": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.UpSampling1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.UpSampling2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.UpSampling3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.Wrapper": "layers.Layer: build(input_shape) from_config(config,custom_objects) get_config()",
    "layers.ZeroPadding1D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.ZeroPadding2D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "layers.ZeroPadding3D": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "losses.BinaryCrossentropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.BinaryFocalCrossentropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CTC": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CategoricalCrossentropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CategoricalFocalCrossentropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CategoricalGeneralizedCrossEntropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CategoricalHinge": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Circle": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.CosineSimilarity": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Dice": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Hinge": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Huber": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.KLDivergence": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.LogCosh": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Loss": ": call(y_true,y_pred) dtype from_config(config) get_config()",
    "losses.MeanAbsoluteError": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.MeanAbsolutePercentageError": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.MeanSquaredError": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.MeanSquaredLogarithmicError": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Poisson": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.SparseCategoricalCrossentropy": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.SquaredHinge": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "losses.Tversky": "losses.Loss: call(y_true,y_pred) from_config(config) get_config()",
    "metrics.AUC": "metrics.Metric: get_config() interpolate_pr_auc() reset_state() result() thresholds update_state(y_true,y_pred,sample_weight)",
    "metrics.Accuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.BinaryAccuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.BinaryCrossentropy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.BinaryIoU": "metrics.IoU: get_config() update_state(y_true,y_pred,sample_weight)",
    "metrics.CategoricalAccuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.CategoricalCrossentropy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.CategoricalHinge": "metrics.MeanMetricWrapper: get_config()",
    "metrics.ConcordanceCorrelation": "metrics.MeanMetricWrapper: get_config()",
    "metrics.CosineSimilarity": "metrics.MeanMetricWrapper: get_config()",
    "metrics.F1Score": "metrics.FBetaScore: get_config()",
    "metrics.FBetaScore": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.FalseNegatives": "metrics.Metric: get_config() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.FalsePositives": "metrics.Metric: get_config() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.Hinge": "metrics.MeanMetricWrapper: get_config()",
    "metrics.IoU": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.KLDivergence": "metrics.MeanMetricWrapper: get_config()",
    "metrics.LogCoshError": "metrics.MeanMetricWrapper: get_config()",
    "metrics.Mean": "metrics.Metric: reset_state() result() update_state(values,sample_weight)",
    "metrics.MeanAbsoluteError": "metrics.MeanMetricWrapper: get_config()",
    "metrics.MeanAbsolutePercentageError": "metrics.MeanMetricWrapper: get_config()",
    "metrics.MeanIoU": "metrics.IoU: get_config()",
    "metrics.MeanMetricWrapper": "metrics.Mean: from_config(config) get_config() update_state(y_true,y_pred,sample_weight)",
    "metrics.MeanSquaredError": "metrics.MeanMetricWrapper: get_config()",
    "metrics.MeanSquaredLogarithmicError": "metrics.MeanMetricWrapper: get_config()",
    "metrics.Metric": """
: add_variable(shape,initializer,dtype,aggregation,name) add_weight(shape,initializer,dtype,name) dtype from_config(config) get_config()
reset_state() result() stateless_reset_state() stateless_result(metric_variables) stateless_update_state(metric_variables,*args,**)
update_state(*args,**) variables
""",
    "metrics.OneHotIoU": "metrics.IoU: get_config()",
    "metrics.OneHotMeanIoU": "metrics.MeanIoU: get_config()",
    "metrics.PearsonCorrelation": "metrics.MeanMetricWrapper: get_config()",
    "metrics.Poisson": "metrics.MeanMetricWrapper: get_config()",
    "metrics.Precision": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.PrecisionAtRecall": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.R2Score": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.Recall": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.RecallAtPrecision": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.RootMeanSquaredError": "metrics.Mean: result() update_state(y_true,y_pred,sample_weight)",
    "metrics.SensitivityAtSpecificity": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.SparseCategoricalAccuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.SparseCategoricalCrossentropy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.SparseTopKCategoricalAccuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.SpecificityAtSensitivity": "metrics.Metric: get_config() reset_state() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.SquaredHinge": "metrics.MeanMetricWrapper: get_config()",
    "metrics.Sum": "metrics.Metric: reset_state() result() update_state(values,sample_weight)",
    "metrics.TopKCategoricalAccuracy": "metrics.MeanMetricWrapper: get_config()",
    "metrics.TrueNegatives": "metrics.Metric: get_config() result() update_state(y_true,y_pred,sample_weight)",
    "metrics.TruePositives": "metrics.Metric: get_config() result() update_state(y_true,y_pred,sample_weight)",
    "mixed_precision.LossScaleOptimizer": """
optimizers.Optimizer: apply(grads,trainable_variables) build(var_list) check_finite(grads) finalize_variable_values(var_list)
from_config(config,custom_objects) get_config() iterations learning_rate scale_loss(loss)
stateless_apply(optimizer_variables,grads,trainable_variables) variables
""",
    "models.Model": """
layers.Layer: build_from_config(config) call(*args,**)
compile(optimizer,loss,loss_weights,metrics,weighted_metrics,run_eagerly,steps_per_execution,jit_compile,auto_scale_loss)
compile_from_config(config) compiled_loss(y,y_pred,sample_weight,regularization_losses) compiled_metrics
compute_loss(x,y,y_pred,sample_weight,training) compute_metrics(x,y,y_pred,sample_weight) distribute_reduction_method
distribute_strategy evaluate(x,y,batch_size,verbose,sample_weight,steps,callbacks,return_dict,**)
export(filepath,format,verbose,input_signature,**)
fit(x,y,batch_size,epochs,verbose,callbacks,validation_split,validation_data,shuffle,class_weight,sample_weight,initial_epoch,steps_per_epoch,validation_steps,validation_batch_size,validation_freq)
from_config(config,custom_objects) get_compile_config() get_layer(name,index) get_metrics_result()
get_quantization_layer_structure(mode) get_state_tree(value_format) jit_compile layers load_weights(filepath,skip_mismatch,**)
loss(y,y_pred,sample_weight) make_predict_function(force) make_test_function(force) make_train_function(force) metrics metrics_names
predict(x,batch_size,verbose,steps,callbacks) predict_on_batch(x) predict_step(data) quantize(mode,config,filters,**) reset_metrics()
run_eagerly save(filepath,overwrite,zipped,**) save_weights(filepath,overwrite,max_shard_size) set_state_tree(state_tree)
stateless_compute_loss(trainable_variables,non_trainable_variables,metrics_variables,x,y,y_pred,sample_weight,training)
summary(line_length,positions,print_fn,expand_nested,show_trainable,layer_range) test_on_batch(x,y,sample_weight,return_dict)
test_step(data) to_json(**) train_on_batch(x,y,sample_weight,class_weight,return_dict) train_step(data)
""",
    "models.Sequential": """
models.Model: add(layer,rebuild) build(input_shape) call(inputs,training,mask,**) compute_output_shape(input_shape)
compute_output_spec(inputs,training,mask,**) from_config(config,custom_objects) get_config() input_dtype input_shape inputs layers
output_shape outputs pop(rebuild)
""",
    "name_scope": ": ",
    "optimizers.Adadelta": "optimizers.Optimizer: build(var_list) get_config() update_step(grad,variable,learning_rate)",
    "optimizers.Adafactor": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Adagrad": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Adam": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.AdamW": "optimizers.Adam: ",
    "optimizers.Adamax": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Ftrl": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Lamb": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Lion": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.MultiOptimizer": """
optimizers.Optimizer: apply(grads,trainable_variables) build(var_list) finalize_variable_values(var_list)
from_config(config,custom_objects) get_config() iterations learning_rate loss_scale_factor optimizers set_weights(weights) variables
""",
    "optimizers.Muon": """
optimizers.Optimizer: build(var_list) get_config() lr_adjust(x) transpose_last_axis(X) update_step(gradient,variable,learning_rate)
zeropower_via_newtonschulz5(x,steps)
""",
    "optimizers.Nadam": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.Optimizer": """
: add_optimizer_variables(trainable_variables,name,initializer) add_variable(shape,initializer,dtype,aggregation,layout,name)
add_variable_from_reference(reference_variable,name,initializer) apply(grads,trainable_variables) apply_gradients(grads_and_vars)
assign(variable,value) assign_add(variable,value) assign_sub(variable,value) build(variables)
exclude_from_weight_decay(var_list,var_names) finalize_variable_values(var_list) from_config(config,custom_objects) get_config()
iterations learning_rate load_own_variables(store) save_own_variables(store) scale_loss(loss) set_weights(weights)
stateless_apply(optimizer_variables,grads,trainable_variables) update_step(gradient,variable,learning_rate) variables
""",
    "optimizers.OptimizerMap": ": default_optimizer from_config(config,custom_objects) get_config()",
    "optimizers.RMSprop": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.SGD": "optimizers.Optimizer: build(variables) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.ScheduleFreeAdamW": "optimizers.Optimizer: build(var_list) get_config() update_step(gradient,variable,learning_rate)",
    "optimizers.legacy.Adagrad": ": ",
    "optimizers.schedules.CosineDecay": "optimizers.schedules.LearningRateSchedule: get_config()",
    "optimizers.schedules.CosineDecayRestarts": "optimizers.schedules.LearningRateSchedule: get_config()",
    "optimizers.schedules.ExponentialDecay": "optimizers.schedules.LearningRateSchedule: get_config()",
    "optimizers.schedules.InverseTimeDecay": "optimizers.schedules.LearningRateSchedule: get_config()",
    "optimizers.schedules.LearningRateSchedule": ": from_config(config) get_config()",
    "optimizers.schedules.PiecewiseConstantDecay": "optimizers.schedules.LearningRateSchedule: get_config()",
    "optimizers.schedules.PolynomialDecay": "optimizers.schedules.LearningRateSchedule: get_config()",
    "quantizers.AWQConfig": "quantizers.QuantizationConfig: dtype_policy_string() from_config(config) get_config() mode",
    "quantizers.AbsMaxQuantizer": "quantizers.Quantizer: get_config()",
    "quantizers.Float8QuantizationConfig": "quantizers.QuantizationConfig: from_config(config) get_config() mode",
    "quantizers.GPTQConfig": "quantizers.QuantizationConfig: dtype_policy_string() from_config(config) get_config() mode",
    "quantizers.Int4QuantizationConfig": "quantizers.QuantizationConfig: from_config(config) get_config() mode",
    "quantizers.Int8QuantizationConfig": "quantizers.QuantizationConfig: mode",
    "quantizers.QuantizationConfig": ": activation_quantizer_or_default(config,default) from_config(config) get_config() mode weight_quantizer_or_default(config,default)",
    "quantizers.Quantizer": ": from_config(config) get_config()",
    "random.SeedGenerator": ": from_config(config) get_config() next(ordered)",
    "regularizers.L1": "regularizers.Regularizer: get_config()",
    "regularizers.L1L2": "regularizers.Regularizer: get_config()",
    "regularizers.L2": "regularizers.Regularizer: get_config()",
    "regularizers.OrthogonalRegularizer": "regularizers.Regularizer: get_config()",
    "regularizers.Regularizer": ": from_config(config) get_config()",
    "saving.CustomObjectScope": ": ",
    "saving.KerasFileEditor": """
: add_object(object_path,weights) add_weights(object_name,weights) compare(reference_model) delete_object(object_name)
delete_weight(object_name,weight_name) rename_object(object_name,new_name) resave_weights(filepath) save(filepath) summary()
""",
    "tree.MAP_TO_NONE": ": ",
    "utils.Config": ": as_dict() freeze() frozen get(keyname,value) items() keys() pop(*args) to_json() unfreeze() update(*args,**) values()",
    "utils.FeatureSpace": """
layers.Layer: adapt(dataset) build_from_config(config) cross(feature_names,crossing_dim,output_mode)
feature(dtype,preprocessor,output_mode) float(name) float_discretized(num_bins,bin_boundaries,output_mode,name) float_normalized(name)
float_rescaled(scale,offset,name) from_config(config) get_build_config() get_config() get_encoded_features() get_inputs()
integer_categorical(max_tokens,num_oov_indices,output_mode,name) integer_hashed(num_bins,output_mode,name) load_own_variables(store)
save(filepath) save_own_variables(store) string_categorical(max_tokens,num_oov_indices,output_mode,name)
string_hashed(num_bins,output_mode,name)
""",
    "utils.Progbar": ": add(n,values) update(current,values,finalize)",
    "utils.PyDataset": ": max_queue_size num_batches on_epoch_begin() on_epoch_end() use_multiprocessing workers",
    "wrappers.SKLearnClassifier": ": decision_function(X) epoch_ fit(X,y,**) predict(X) set_fit_request(**) set_score_request",
    "wrappers.SKLearnRegressor": ": epoch_ fit(X,y,**) predict(X) set_fit_request(**) set_score_request",
    "wrappers.SKLearnTransformer": ": epoch_ fit(X,y,**) predict(X) set_fit_request(**) transform(X)",
}
TENSORFLOW_CLASSES: dict[str, str] = {
    "layers.RandomHeight": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.RandomWidth": "layers.Layer: call(inputs,training) compute_output_shape(input_shape) get_config()",
    "layers.ThresholdedReLU": "layers.Layer: call(inputs) compute_output_shape(input_shape) get_config()",
    "losses.Reduction": ": AUTO NONE SUM SUM_OVER_BATCH_SIZE all() validate(key)",
    "preprocessing.image.DirectoryIterator": """
preprocessing.image.Iterator: allowed_class_modes filepaths labels sample_weight
set_processing_attrs(image_data_generator,target_size,color_mode,data_format,save_to_dir,save_prefix,save_format,subset,interpolation,keep_aspect_ratio)
""",
    "preprocessing.image.ImageDataGenerator": """
: apply_transform(x,transform_parameters) fit(x,augment,rounds,seed)
flow(x,y,batch_size,shuffle,sample_weight,seed,save_to_dir,save_prefix,save_format,ignore_class_split,subset)
flow_from_dataframe(dataframe,directory,x_col,y_col,weight_col,target_size,color_mode,classes,class_mode,batch_size,shuffle,seed,save_to_dir,save_prefix,save_format,subset,interpolation,validate_filenames,**)
flow_from_directory(directory,target_size,color_mode,classes,class_mode,batch_size,shuffle,seed,save_to_dir,save_prefix,save_format,follow_links,subset,interpolation,keep_aspect_ratio)
get_random_transform(img_shape,seed) random_transform(x,seed) standardize(x)
""",
    "preprocessing.image.Iterator": "utils.PyDataset: on_epoch_end() reset() white_list_formats",
    "preprocessing.image.NumpyArrayIterator": "preprocessing.image.Iterator: ",
    "preprocessing.sequence.TimeseriesGenerator": "utils.PyDataset: get_config() to_json(**)",
    "preprocessing.text.Tokenizer": """
: fit_on_sequences(sequences) fit_on_texts(texts) get_config() sequences_to_matrix(sequences,mode) sequences_to_texts(sequences)
sequences_to_texts_generator(sequences) texts_to_matrix(texts,mode) texts_to_sequences(texts) texts_to_sequences_generator(texts)
to_json(**)
""",
}
